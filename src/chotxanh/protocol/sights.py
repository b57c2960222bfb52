"""What each work of a post sees of a person (field rule B1): twin of `web/station/src/rules/sights.ts`.

`contracts/sights.json` holds both to the same table and the same lights.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from chotxanh.domain.works import Work
from chotxanh.protocol.cards import PersonCard

WITHHELD = "withheld"  # the state on a card whose reader sees no result

_WHO = frozenset({"full_name", "birth_year", "sex", "id_ending", "registration"})
_JOURNEY = frozenset(
    {"category", "declared_at", "plate", "vehicle_class", "direction", "origin", "destination", "party"}
)
_ANSWERS = frozenset({"symptoms", "exposures"})
_LIGHT = frozenset({"light"})
EVERYTHING = frozenset(PersonCard.__struct_fields__) - {"person_code"}
# A number to call is there where there is a reason to call, and so tells as much as the result.
SEES: Mapping[Work, frozenset[str]] = {
    Work.DATA_ENTRY: _WHO | _JOURNEY | _ANSWERS,
    Work.SAMPLING: _WHO | _JOURNEY | _ANSWERS | _LIGHT | {"sampling"},
    Work.READING: EVERYTHING,
    Work.SIGNING: EVERYTHING,
    Work.TRAFFIC: _LIGHT | {"plate"},
}
_OPEN = frozenset({"declared", "negative", "closed"})  # states that ask nobody to wait


class Colour(StrEnum):
    """The one light of the police: a paper in date, none, or somebody whom the health staff must see first."""

    VALID = "valid"
    NONE = "none"
    WAIT = "wait"


class Light(msgspec.Struct, frozen=True):
    """A light; `until` is there where it is `valid`."""

    colour: Colour
    until: str | None = None


class SeenPerson(PersonCard, frozen=True):
    """A card as a work sees it that does not see everything: what is withheld is empty."""

    light: Light | None = None


def seen_by(card: PersonCard, works: Collection[Work], now: datetime) -> PersonCard:
    """Return what somebody with these works sees of a card at `now` (UTC)."""
    seen = frozenset().union(*(SEES[work] for work in works))
    if seen >= EVERYTHING:
        return card
    nothing = {
        "full_name": "",
        "birth_year": None,
        "sex": "",
        "category": "",
        "registration": "",
        "declared_at": None,
        "plate": None,
        "state": WITHHELD,
        "last_result": None,
    }
    shown = {name: getattr(card, name) for name in seen - _LIGHT}
    light = light_of(card, now) if seen >= _LIGHT else None
    return SeenPerson(**({"person_code": card.person_code} | nothing | shown), light=light)


def light_of(card: PersonCard, now: datetime) -> Light:
    """Return the light of a card at `now` (UTC).

    Whoever waits for a result and whoever has a positive one get the same light: it tells nobody which.
    """
    last = card.last_result
    if card.sampling == "none" or card.may_be_same or card.state not in _OPEN:
        return Light(Colour.WAIT)
    if last is None:
        return Light(Colour.NONE)
    if last.value != "negative":
        return Light(Colour.WAIT if last.value == "positive" else Colour.NONE)
    if last.valid_until is None:  # no paper yet, or no rule says until when
        return Light(Colour.WAIT)
    is_over = datetime.fromisoformat(last.valid_until) <= now
    return Light(Colour.NONE) if is_over else Light(Colour.VALID, last.valid_until)
