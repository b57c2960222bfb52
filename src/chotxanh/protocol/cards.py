"""The shapes of the cards that stations hold (docs/protocol.md). Times are written as in entries."""

import msgspec


class LastResult(msgspec.Struct, frozen=True):
    """A person's latest final result; with a certificate that stands and `valid_until` None no rule states a time."""

    value: str
    test_type: str
    sampled_at: str
    resulted_at: str
    valid_until: str | None
    has_certificate: bool


class Companion(msgspec.Struct, frozen=True):
    """Somebody who travels along; `full_name` is None once erased."""

    person_code: str
    full_name: str | None


class PersonCard(msgspec.Struct, frozen=True):
    """A person with their latest journey and result. `origin` and `destination` are names; `plate` as declared.

    `symptoms` and `exposures` name the answers that are true. `registration` is the entry that says who it is.
    The journey is empty, and `declared_at` None, where none was declared. `sampling` says which sample may be taken:
    `any`, `single`, `rt_pcr` (alone too) or `none`. `may_be_same` where what is doubtful comes from a registration that
    may be this person's. `phone` is there when there is a reason to call.
    `id_ending` are the last four of the identity number, by which a scanned card is known to be this person's.
    `party` are those who travel along, on the card of whoever declared for all.
    `birth_year` is None on a card alone whose reader does not see it (`protocol/sights.py`).
    """

    person_code: str
    full_name: str
    birth_year: int | None
    sex: str
    category: str
    registration: str
    declared_at: str | None
    plate: str | None
    state: str
    last_result: LastResult | None
    sampling: str = "any"
    may_be_same: bool = False
    phone: str | None = None
    id_ending: str = ""
    vehicle_class: str = ""
    direction: str = ""
    origin: str = ""
    destination: str = ""
    symptoms: list[str] = []
    exposures: list[str] = []
    party: list[Companion] = []


class TubeMember(msgspec.Struct, frozen=True):
    """A person in a tube; `full_name` is None where none has been declared."""

    person_code: str
    full_name: str | None


class TubeCard(msgspec.Struct, frozen=True):
    """A tube with its people; `result` is the id of the entry that stands.

    `test` and `test_type` (its method) are those of the result, or of the sampling before there is one, `kit` that of
    the sampling; `run` is 0 before a result. `started_at` is when its tray was set going.
    """

    facility: str
    tube: str
    site: str
    pool_kind: str
    sampled_at: str
    members: list[TubeMember]
    state: str
    value: str | None
    result: str | None
    resulted_at: str | None
    test: str
    kit: str | None
    test_type: str
    run: int
    asks_again: bool
    is_outside_window: bool
    line_seen: bool | None
    started_at: str | None
    is_household: bool = False
