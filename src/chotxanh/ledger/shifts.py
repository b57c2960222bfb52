"""Who was at work in a log, and when: the starts and ends of shifts that were applied, by running number."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.domain.marks import Mark
from chotxanh.domain.standing.times import Span
from chotxanh.ledger.models import Shift
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.kinds import Happening, Touched
from chotxanh.registers.devices.sessions import SESSION_LIFE
from chotxanh.registers.devices.tickets import Proof, Ticket, read_ticket
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table, upsert
from chotxanh.storage.statements import as_time, as_uuid, read_statement_ahead
from chotxanh.storage.vendors import is_postgresql

STARTED, ENDED = "shift.started", "shift.ended"
# A station measures its clock against the server within the time that it waits for an answer.
CLOCK_ERROR = timedelta(seconds=30)

_OF_LOGS = """
SELECT shift.log, shift.seq, shift.actor, shift.issued_at, shift.expires_at, ended.ended_at
FROM ledger_shift AS shift LEFT JOIN devices_ticketend AS ended ON ended.ticket = shift.ticket
WHERE shift.log {among}
"""


class Hours(NamedTuple):
    """Between which times (UTC) work was done on a ticket: from its issue until it is over, or was ended before."""

    issued_at: datetime
    ends_at: datetime

    def hold(self, at: datetime) -> bool:
        """Say whether a time that the calendar has on both sides lies within, as exactly as a clock is measured."""
        return self.issued_at <= at + CLOCK_ERROR and at - CLOCK_ERROR < self.ends_at

    def meet(self, span: Span) -> bool:
        """Say whether any time of `span` lies within."""
        return self.issued_at <= span.latest + CLOCK_ERROR and span.earliest - CLOCK_ERROR < self.ends_at


class Boundary(NamedTuple):
    """Where a shift begins or ends (`actor` is None): the running number, whose work begins, its ticket's hours."""

    seq: int
    actor: UUID | None
    hours: Hours | None = None


class _ShiftRow(NamedTuple):
    id: UUID
    log: UUID
    seq: int
    actor: UUID | None
    ticket: UUID | None
    issued_at: datetime | None
    expires_at: datetime | None


_SHIFTS = Table(Shift, _ShiftRow)
BEFORE_ANY = Boundary(0, None)


@dataclass
class Shifts:
    """The boundaries of one log's shifts, by running number."""

    boundaries: list[Boundary] = field(default_factory=list)

    def add(self, boundary: Boundary) -> None:
        """Take in one boundary; the same one twice is one."""
        place = self._place_of(boundary.seq)
        if place == len(self.boundaries) or self.boundaries[place].seq != boundary.seq:
            self.boundaries.insert(place, boundary)

    def starts_of(self, actor: UUID | None, before: int) -> list[Boundary]:
        """Return the starts of this member's work in the log before a running number, the last one first."""
        if actor is None:
            return []
        return [each for each in reversed(self.boundaries[: self._place_of(before)]) if each.actor == actor]

    def start_of(self, actor: UUID | None, before: int) -> Boundary | None:
        """Return the last of them, or None."""
        return next(iter(self.starts_of(actor, before)), None)

    def at_work(self, seq: int) -> Boundary:
        """Return where the shift began within which a running number stands, or the end of one behind which it does.

        Who signs in anew within their own shift goes on with it. Before the first boundary it is BEFORE_ANY.
        """
        place = self._place_of(seq)
        while place > 1 and self.boundaries[place - 2].actor == self.boundaries[place - 1].actor:
            place -= 1
        return self.boundaries[place - 1] if place else BEFORE_ANY

    def _place_of(self, seq: int) -> int:
        return bisect_left(self.boundaries, seq, key=lambda each: each.seq)


def hours_of(ticket: Ticket | None, begun_at: datetime) -> Hours | None:
    """Return the hours of a ticket on which a shift began (UTC); None where it cannot be read any more.

    One that is kept for a PIN says until when a shift may begin on it; the shift lasts as long as any sign-in.
    """
    if ticket is None:
        return None
    ends_at = (
        min(begun_at, ticket.expires_at) + SESSION_LIFE if ticket.proof is Proof.PIN else ticket.expires_at
    )
    return Hours(ticket.issued_at, ends_at)


def shifts_in(logs: Collection[UUID]) -> dict[UUID, Shifts]:
    """Return the applied starts and ends of shifts in these logs."""
    return shifts_ahead(logs)()


def shifts_ahead(logs: Collection[UUID]) -> Ahead[dict[UUID, Shifts]]:
    """Ask for them."""
    if not logs:
        return dict
    asked = _of_logs_ahead(sorted(logs))
    return lambda: _shifts_of(logs, asked())


def boundary_of(body: Body, hours: Hours | None) -> Boundary | None:
    """Return the boundary that an entry is, if it is one; `hours` are those of its ticket."""
    if body.seq is None or body.kind not in (STARTED, ENDED):
        return None
    return Boundary(body.seq, body.actor, hours) if body.kind == STARTED else Boundary(body.seq, None)


def apply_shifts(happenings: Sequence[Happening[Any, Any]], _touched: Touched) -> None:
    """Store starts and ends of shifts; recording does so at once, for what else is judged."""
    upsert(_SHIFTS, [_row(item) for item in happenings if item.log and item.seq])


def boundaries_among(happenings: Iterable[Happening[Any, Any]]) -> list[tuple[UUID, int]]:
    """Return the logs and running numbers at which shifts start or end."""
    return [
        (each.log, each.seq) for each in happenings if each.kind in (STARTED, ENDED) and each.log and each.seq
    ]


def _row(item: Happening[Any, Any]) -> _ShiftRow:
    assert item.log is not None and item.seq is not None
    if item.kind == ENDED:
        return _ShiftRow(item.id, item.log, item.seq, None, None, None, None)
    ticket = read_ticket(item.facts.ticket)
    # Begun at a doubtful time, the shift may have begun as late as it was received: the doubt alone disputes nothing.
    begun_at = item.received_at if Mark.TIME_DOUBTFUL in item.marks else item.effective_at
    hours = hours_of(ticket, begun_at) or (None, None)
    return _ShiftRow(item.id, item.log, item.seq, item.actor, ticket.id if ticket else None, *hours)


def _of_logs_ahead(logs: Sequence[UUID]) -> Ahead[list[tuple[Any, ...]]]:
    if is_postgresql():
        one = len(logs) == 1  # its plan is cheaper than that of an array
        statement = _OF_LOGS.format(among="= %s" if one else "= ANY(%s)")
        return read_statement_ahead(statement, [logs[0]] if one else [list(logs)])
    marks = ", ".join(["%s"] * len(logs))
    return read_statement_ahead(_OF_LOGS.format(among=f"IN ({marks})"), [log.hex for log in logs])


def _shifts_of(logs: Iterable[UUID], rows: Iterable[Sequence[Any]]) -> dict[UUID, Shifts]:
    found = {log: Shifts() for log in logs}
    for log, seq, actor, issued_at, expires_at, ended_at in rows:
        hours = None
        if issued_at is not None:
            ends_at = as_time(expires_at)
            hours = Hours(as_time(issued_at), min(ends_at, as_time(ended_at)) if ended_at else ends_at)
        found[as_uuid(log)].add(Boundary(seq, as_uuid(actor) if actor else None, hours))
    return found
