"""The kinds the ledger owns itself: shifts, clocks, and what entries say about other entries."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from chotxanh.domain.grounds import Grounds
from chotxanh.domain.kinds import ANY_ROLE, LEADS, PROTECTORS
from chotxanh.domain.marks import Mark
from chotxanh.domain.works import AT_POSTS
from chotxanh.ledger import clock_put_right
from chotxanh.ledger.anchors import Ruling, key_of, note_rulings
from chotxanh.ledger.applying import stored_payload
from chotxanh.ledger.models import Entry, ErasedCategory, Remark, Shift
from chotxanh.ledger.shifts import apply_shifts
from chotxanh.protocol.envelope import Code, Milliseconds, Time, check_time
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, follow, register
from chotxanh.protocol.places import ANYWHERE, Place
from chotxanh.registers.devices.kept_tickets import know_begun_with
from chotxanh.registers.devices.tickets import Proof, read_ticket
from chotxanh.storage.lookups import foresee, lookup, lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table, upsert

_ENTRY = "017adaf0-0000-7000-8000-000000000036"


# How a lead knows what time it was: the device measured it since, somebody had compared it, or otherwise.
ClockReason: TypeAlias = Literal["measured_since", "compared", "other"]


class ShiftStarted(msgspec.Struct, frozen=True):
    """A member began work at a post; the ticket is this server's word for it, `proof` how it was opened.

    `opened` is the signature (base64url) that the PIN of a kept ticket gives to this one entry (`Ticket.opens`).
    """

    post: UUID
    ticket: Annotated[str, msgspec.Meta(max_length=1000)]
    proof: Proof = Proof.LINE
    opened: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class ShiftEnded(msgspec.Struct, frozen=True):
    """The member's work at the post ended."""


class ClockMeasured(msgspec.Struct, frozen=True):
    """The server's time (Unix ms) at monotonic 0 of this boot, and the round trip of the measurement (ms)."""

    anchor: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    round_trip: Milliseconds


class ClockJumped(msgspec.Struct, frozen=True):
    """The wall clock moved against the counter by this many ms, forward or back."""

    by: Milliseconds


class ClockSettled(msgspec.Struct, frozen=True):
    """A lead's word on one run of a device's counter: the true time (Unix ms) at its zero, and how it is known.

    `facility` and `site` are where the device belongs; with neither, to the whole province.
    """

    log: UUID
    boot: UUID
    anchor: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    reason: ClockReason
    facility: Code | None = None
    site: Code | None = None


class EntryAdmitted(msgspec.Struct, frozen=True):
    """A lead's ruling: a held entry counts; or a word of a lead whose grant had ended is confirmed by another.

    `facility`, `site` and `post` are where the entry was done, as the office read it: with none of them it is for who
    leads the whole province.
    """

    entry: UUID
    grounds: Grounds | None = None
    facility: Code | None = None
    site: Code | None = None
    post: UUID | None = None


class EntryRefused(msgspec.Struct, frozen=True):
    """A lead's ruling: a held entry does not count; where it was done as in EntryAdmitted."""

    entry: UUID
    grounds: Grounds | None = None
    facility: Code | None = None
    site: Code | None = None
    post: UUID | None = None


class EntryWithdrawn(msgspec.Struct, frozen=True):
    """The one general undo: its author within the same shift, or a lead, says that an entry should not have been."""

    entry: UUID
    reason: Literal["slip_of_the_hand", "wrong_person", "wrong_tube", "recorded_twice", "other"]


# Why personal data is erased: asked for, its purpose is done, its time is over, or it was somebody else's.
ErasureBasis: TypeAlias = Literal["request", "purpose_done", "period_over", "recorded_wrongly"]


class PersonalErased(msgspec.Struct, frozen=True):
    """The order to blank an entry's personal part, and on what it rests.

    Of a registration every sealed part goes: corrections, journeys, certificates, whenever they arrive. `kept_with` is
    a registration that the machine found to be perhaps the same person's: what the erased one's results say goes on
    bearing on it, though nothing tells any more why.
    """

    entry: UUID
    basis: ErasureBasis
    kept_with: UUID | None = None


class CategoryErased(msgspec.Struct, frozen=True):
    """The order to blank the personal parts of a category whose time is before a moment, whenever they arrive."""

    category: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,20}\Z")]
    before: Time
    basis: ErasureBasis


class RemarkRow(NamedTuple):
    """What an entry says about another one."""

    id: UUID
    entry: UUID
    what: str
    actor: UUID | None
    log: UUID | None
    seq: int | None
    at: Any
    marks: int


class ErasedCategoryRow(NamedTuple):
    """A category of which everything before a moment is erased."""

    id: UUID
    category: str
    before: datetime


REMARKS = Table(Remark, RemarkRow)
ERASED_CATEGORIES = Table(ErasedCategory, ErasedCategoryRow)
ADMITTED, REFUSED, WITHDRAWN, ERASED = "admitted", "refused", "withdrawn", "erased"
WITHDRAWAL = "entry.withdrawn"
RULINGS = frozenset({ADMITTED, REFUSED})
_WHAT: dict[type[msgspec.Struct], str] = {
    EntryAdmitted: ADMITTED,
    EntryRefused: REFUSED,
    EntryWithdrawn: WITHDRAWN,
    PersonalErased: ERASED,
}


def check_category(facts: CategoryErased, _personal: None) -> None:
    """Check what typing alone cannot. Raises Problem("time_out_of_range")."""
    check_time(facts.before)


def remarks_ahead(entries: Collection[UUID]) -> Ahead[list[RemarkRow]]:
    """Ask for everything that was said about these entries."""
    return lookup_ahead(REMARKS, "entry", entries)


def erased_among(entries: Collection[UUID], unremarked: Collection[UUID]) -> set[UUID]:
    """Return which of these entries were ordered erased; of the `unremarked` it is known that none was."""
    asked = sorted(set(entries) - set(unremarked))
    return {remark.entry for remark in lookup(REMARKS, "entry", asked) if remark.what == ERASED}


def foresee_erasures(entries: Collection[UUID], unremarked: Collection[UUID]) -> None:
    """Let what `erased_among` will ask go with the next statement that is waited for."""
    foresee(REMARKS, "entry", sorted(set(entries) - set(unremarked)))


def apply_remarks(happenings: Sequence[Happening[Any, Any]], _touched: Touched) -> None:
    """Store what entries say about others, and when by what is known now; recording then carries it out."""
    upsert(REMARKS, [_remark(item) for item in happenings])


def apply_categories(happenings: Sequence[Happening[CategoryErased, None]], _touched: Touched) -> None:
    """Keep what was ordered of whole categories; recording then carries it out."""
    upsert(
        ERASED_CATEGORIES,
        [ErasedCategoryRow(item.id, item.facts.category, item.facts.before) for item in happenings],
    )


def apply_clock_rulings(happenings: Sequence[Happening[ClockSettled, None]], _touched: Touched) -> None:
    """Keep leads' last words on clocks; recording then carries them out."""
    note_clock_rulings((item.id, item.facts, item.effective_at, item.marks) for item in happenings)


def note_clock_rulings(said: Iterable[tuple[UUID, ClockSettled, datetime, Mark]]) -> None:
    """Keep words on clocks, each with its entry, when it was said (UTC), and its marks."""
    note_rulings(
        Ruling(id, key_of(facts.log, facts.boot), facts.anchor, at, int(marks))
        for id, facts, at, marks in said
    )


def is_remark(item: Happening[Any, Any]) -> bool:
    """Say whether an entry speaks about another one."""
    return isinstance(item.facts, tuple(_WHAT))


def register_kinds() -> None:
    """Declare the ledger's own kinds."""
    register(*SHIFTS, *CLOCKS, *REMARKS_ON_ENTRIES)
    clock_put_right.register_kinds()
    follow(list(_WHAT), apply_remarks)
    follow([CategoryErased], apply_categories)
    follow([ClockSettled], apply_clock_rulings)
    follow([ShiftStarted, ShiftEnded], apply_shifts)
    know_begun_with(_begun_by_pin)


def _begun_by_pin(members: Collection[UUID], now: datetime) -> set[UUID]:
    """Return the tickets that a PIN opened for shifts of these members that are not over at `now` (UTC)."""
    running = Shift.objects.filter(actor__in=members, expires_at__gt=now, ticket__isnull=False)
    starts = Entry.objects.filter(id__in=running.values_list("id", flat=True)).exclude(body="")
    begun = [stored_payload(each)[1].facts for each in starts]
    tickets = [read_ticket(facts.ticket) for facts in begun if facts.proof is Proof.PIN]
    return {ticket.id for ticket in tickets if ticket and ticket.id}


def _remark(item: Happening[Any, Any]) -> RemarkRow:
    what = next(what for payload, what in _WHAT.items() if isinstance(item.facts, payload))
    return RemarkRow(
        id=item.id,
        entry=item.facts.entry,
        what=what,
        actor=item.actor,
        log=item.log,
        seq=item.seq,
        at=item.effective_at,
        marks=int(item.marks),
    )


def _place_ruled_on(facts: EntryAdmitted | EntryRefused) -> Place:
    return Place(facts.facility or "", facts.site or "", facts.post)


# The office on request, the data protection officer, and the calendar once their time is over.
ERASERS = Who(roles=PROTECTORS, nodes=PROVINCE)
SHIFTS = (
    KindRow(
        "shift.started",
        ShiftStarted,
        Who(roles=AT_POSTS),
        "A member began work at a post, on a ticket of this server.",
        ("Bắt đầu ca", "Start of a shift"),
        {"post": "017adaf0-0000-7000-8000-000000000046", "ticket": "e30.AAAA"},
        place=lambda facts: Place(post=facts.post),
        can_admit=False,
    ),
    KindRow(
        "shift.ended",
        ShiftEnded,
        Who(roles=AT_POSTS),
        "The member's work at the post ended.",
        ("Kết thúc ca", "End of a shift"),
        {},
        can_admit=False,
    ),
)
CLOCKS = (
    KindRow(
        "clock.measured",
        ClockMeasured,
        Who(is_device=True),
        "A device measured its clock against the server.",
        ("Đo đồng hồ", "Clock measured"),
        {"anchor": 1627174800000, "round_trip": 84},
    ),
    KindRow(
        "clock.jumped",
        ClockJumped,
        Who(is_device=True),
        "A device's wall clock moved against its counter.",
        ("Đồng hồ bị chỉnh", "Clock moved"),
        {"by": -3600000},
    ),
    KindRow(
        "clock.settled",
        ClockSettled,
        Who(roles=LEADS),
        "A lead says what time it was in one run of a device's counter.",
        ("Đối chiếu giờ máy", "Clock checked"),
        {
            "log": "017adaf0-0000-7000-8000-000000000034",
            "boot": "017adaf0-0000-7000-8000-000000000035",
            "anchor": 1627174800000,
            "reason": "measured_since",
            "facility": "ttyt-phu-my",
            "site": "ql51-xe-tai",
        },
        place=lambda facts: Place(facts.facility or "", facts.site or ""),
        changes_judging=True,
    ),
)
REMARKS_ON_ENTRIES = (
    KindRow(
        "entry.admitted",
        EntryAdmitted,
        Who(roles=LEADS),
        "A lead lets a held entry count.",
        ("Chấp nhận bản ghi", "Entry accepted"),
        {"entry": _ENTRY},
        place=_place_ruled_on,
        changes_judging=True,
    ),
    KindRow(
        "entry.refused",
        EntryRefused,
        Who(roles=LEADS),
        "A lead leaves a held entry out for good.",
        ("Không chấp nhận bản ghi", "Entry refused"),
        {"entry": _ENTRY},
        place=_place_ruled_on,
        changes_judging=True,
    ),
    KindRow(
        WITHDRAWAL,
        EntryWithdrawn,
        Who(roles=ANY_ROLE),
        "Its author within the same shift, or a lead, takes an entry back.",
        ("Rút lại bản ghi", "Entry withdrawn"),
        {"entry": _ENTRY, "reason": "slip_of_the_hand"},
        place=lambda _facts: ANYWHERE,
        changes_judging=True,
    ),
    KindRow(
        "personal.erased",
        PersonalErased,
        ERASERS,
        "What identifies a person in an entry, or in everything of a registration, is blanked on every node.",
        ("Xóa thông tin cá nhân", "Personal data erased"),
        {"entry": "017adaf0-0000-7000-8000-000000000031", "basis": "request"},
        changes_judging=True,
    ),
    KindRow(
        "category.erased",
        CategoryErased,
        ERASERS,
        "What identifies people in a category of entries before a moment is blanked on every node.",
        ("Xóa thông tin cá nhân hết hạn lưu", "Personal data of a category erased"),
        {"category": "journeys", "before": "2021-06-25T00:00:00.000Z", "basis": "period_over"},
        check=check_category,
        changes_judging=True,
    ),
)
