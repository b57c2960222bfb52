"""The kinds the ledger owns itself: shifts, clocks, verdicts and erasures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import Kind
from chotxanh.ledger.models import Entry, Erasure, Verdict
from chotxanh.protocol.envelope import Code, Milliseconds
from chotxanh.protocol.kinds import Happening, KindSpec, Touched, follow, register
from chotxanh.protocol.places import Place
from chotxanh.registers.posts.models import Checkpoint
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert_missing


class ShiftStarted(msgspec.Struct, frozen=True):
    """A member began work at a lane; the ticket is this server's word for it."""

    checkpoint: Code
    lane: Code
    ticket: Annotated[str, msgspec.Meta(max_length=1000)]


class Nothing(msgspec.Struct, frozen=True):
    """A kind without facts of its own."""


class ClockMeasured(msgspec.Struct, frozen=True):
    """The server's time (Unix ms) at monotonic 0 of this boot, and the round trip of the measurement (ms)."""

    anchor: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    round_trip: Milliseconds


class ClockJumped(msgspec.Struct, frozen=True):
    """The wall clock moved against the counter by this many ms, forward or back."""

    by: Milliseconds


class OnEntry(msgspec.Struct, frozen=True):
    """A lead's verdict on a held entry."""

    entry: UUID


class Erased(msgspec.Struct, frozen=True):
    """The order to blank an entry's personal part, and its legal basis."""

    entry: UUID
    basis: Annotated[str, msgspec.Meta(pattern=r"\A[^\x00-\x1f]{1,100}\Z")]


@dataclass(frozen=True)
class Shift:
    """One shift's start in a log: who, and from which running number on."""

    actor: UUID
    seq: int


def _place_of_shift(facts: ShiftStarted) -> Place:
    """Return the checkpoint with the facility that answers for it: grants can name either."""
    found = Checkpoint.objects.filter(code=facts.checkpoint).first()
    return Place(found.facility if found else "", facts.checkpoint)


def shifts_in(logs: Sequence[UUID]) -> dict[UUID, list[Shift]]:
    """Return the applied shift starts of these logs."""
    found: dict[UUID, list[Shift]] = {}
    for log, actor, seq in lookup(
        _SHIFTS, "log", logs, tail="AND kind = 'shift.started' AND answer = 'applied'"
    ):
        if log and actor and seq:
            found.setdefault(log, []).append(Shift(actor, seq))
    return found


_SHIFTS = Table(Entry, ("log", "actor", "seq"))
_VERDICTS = Table(Verdict, ("id", "entry", "is_admitted", "decided_at", "actor"))
_ERASURES = Table(Erasure, ("id", "entry", "basis", "effective_at"))


def apply_verdicts(happenings: Sequence[Happening[Any, Any]], _touched: Touched) -> None:
    """Store verdicts; recording then admits the entries they name."""
    insert_missing(
        _VERDICTS,
        [
            (item.id, item.facts.entry, item.kind is Kind.ENTRY_ADMITTED, item.effective_at, item.actor)
            for item in happenings
        ],
    )


def apply_erasures(happenings: Sequence[Happening[Any, Any]], _touched: Touched) -> None:
    """Store erasure orders; recording then blanks the entries they name."""
    insert_missing(
        _ERASURES, [(item.id, item.facts.entry, item.facts.basis, item.effective_at) for item in happenings]
    )


def register_kinds() -> None:
    """Declare the ledger's own kinds."""
    register(
        KindSpec(
            Kind.SHIFT_STARTED,
            1,
            ShiftStarted,
            place=_place_of_shift,
        )
    )
    register(KindSpec(Kind.SHIFT_ENDED, 1, Nothing))
    register(KindSpec(Kind.CLOCK_MEASURED, 1, ClockMeasured))
    register(KindSpec(Kind.CLOCK_JUMPED, 1, ClockJumped))
    register(KindSpec(Kind.ENTRY_ADMITTED, 1, OnEntry))
    register(KindSpec(Kind.ENTRY_REFUSED, 1, OnEntry))
    register(KindSpec(Kind.PERSONAL_ERASED, 1, Erased))
    follow([Kind.ENTRY_ADMITTED, Kind.ENTRY_REFUSED], apply_verdicts)
    follow([Kind.PERSONAL_ERASED], apply_erasures)
