"""Who was at work in a log, and when: the starts and ends of shifts that were applied, by running number."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.ledger.models import Entry
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.kinds import Happening
from chotxanh.storage.lookups import lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table

STARTED, ENDED = "shift.started", "shift.ended"


class _Boundary(NamedTuple):
    log: UUID | None
    seq: int | None
    kind: str
    actor: UUID | None


_BOUNDARIES = Table(Entry, _Boundary)
_IN_FORCE = "AND kind IN ('shift.started', 'shift.ended') AND answer = 'applied'"


@dataclass
class Shifts:
    """The boundaries of one log's shifts: running number, and whose work begins there (None where it ends)."""

    boundaries: list[tuple[int, UUID | None]] = field(default_factory=list)

    def add(self, seq: int, actor: UUID | None) -> None:
        """Take in one boundary; the same one twice is one."""
        place = bisect_left(self.boundaries, seq, key=lambda each: each[0])
        if place == len(self.boundaries) or self.boundaries[place][0] != seq:
            self.boundaries.insert(place, (seq, actor))

    def has_started(self, actor: UUID | None, before: int) -> bool:
        """Say whether this member's work in the log began before a running number."""
        return any(seq < before and who == actor for seq, who in self.boundaries if who is not None)

    def at_work(self, seq: int) -> tuple[int, UUID | None]:
        """Return the boundary before a running number and whose shift it begins; (0, None) before the first."""
        place = bisect_left(self.boundaries, seq, key=lambda each: each[0])
        return self.boundaries[place - 1] if place else (0, None)


def shifts_in(logs: Collection[UUID]) -> dict[UUID, Shifts]:
    """Return the applied starts and ends of shifts in these logs."""
    return shifts_ahead(logs)()


def shifts_ahead(logs: Collection[UUID]) -> Ahead[dict[UUID, Shifts]]:
    """Ask for them."""
    asked = lookup_ahead(_BOUNDARIES, "log", list(logs), tail=_IN_FORCE)
    return lambda: _shifts_of(logs, asked())


def take_in(shifts: dict[UUID, Shifts], body: Body) -> None:
    """Let a shift's start or end that was just applied count for what else is judged."""
    if body.kind in (STARTED, ENDED) and body.seq:
        shifts.setdefault(body.log, Shifts()).add(body.seq, body.actor if body.kind == STARTED else None)


def boundaries_among(happenings: Iterable[Happening[Any, Any]]) -> list[tuple[UUID, int]]:
    """Return the logs and running numbers at which shifts start or end."""
    return [
        (each.log, each.seq) for each in happenings if each.kind in (STARTED, ENDED) and each.log and each.seq
    ]


def _shifts_of(logs: Iterable[UUID], boundaries: Iterable[_Boundary]) -> dict[UUID, Shifts]:
    found = {log: Shifts() for log in logs}
    for boundary in boundaries:
        if boundary.log and boundary.seq:
            found[boundary.log].add(boundary.seq, boundary.actor if boundary.kind == STARTED else None)
    return found
