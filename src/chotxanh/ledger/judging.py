"""Judges authentic entries: were their actors allowed, then and there (architecture, rules 3 and 4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chotxanh.domain.kinds import DEVICE_KINDS, ROLES_FOR_KIND, SERVER_KINDS, Answer, Kind
from chotxanh.ledger.entries import Shift
from chotxanh.ledger.models import Verdict
from chotxanh.ledger.reading import Payload
from chotxanh.protocol.envelope import Body
from chotxanh.registers.devices.models import Device
from chotxanh.registers.devices.tickets import read_ticket
from chotxanh.registers.staff.access import grants_of, is_allowed
from chotxanh.registers.staff.models import Grant
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table

_VERDICTS = Table(Verdict, ("entry", "is_admitted"))
WAITS_FOR_SHIFT = "actor_unproven"


@dataclass(frozen=True)
class Judgement:
    """What becomes of an entry, and by which problem if it is not applied."""

    answer: Answer
    problem: str = ""


@dataclass(frozen=True)
class Case:
    """All that a judgement rests on: the entry, its payload, its device, and its time by its own clock (UTC).

    A measurement that comes later corrects the time, not the judgement: what was applied stays applied.
    """

    body: Body
    payload: Payload
    device: Device
    effective_at: datetime


APPLIED = Judgement(Answer.APPLIED)


@dataclass
class Bench:
    """What judges a batch: grants of its actors, shifts of its logs, verdicts on its entries."""

    grants: dict[UUID, list[Grant]]
    shifts: dict[UUID, list[Shift]]
    verdicts: dict[UUID, bool] = field(default_factory=dict)

    def judge(self, case: Case) -> Judgement:
        """Return the judgement; a lead's verdict stands, whether it came before the entry or after.

        What only the server may decide, nobody can admit.
        """
        judgement = self._judge(case)
        is_admissible = case.payload.reader is not None and case.body.kind not in SERVER_KINDS
        if judgement.answer is Answer.HELD and is_admissible:
            admitted = self.verdicts.get(case.body.id)
            if admitted is not None:
                return APPLIED if admitted else Judgement(Answer.HELD, "refused")
        return judgement

    def _judge(self, case: Case) -> Judgement:
        if case.payload.reader is None:
            return Judgement(Answer.HELD, "kind_unknown")
        if case.payload.problem:
            return Judgement(Answer.REJECTED, case.payload.problem)
        if case.device.revoked_at is not None:
            return Judgement(Answer.HELD, "device_revoked")
        kind = Kind(case.body.kind)
        if kind in DEVICE_KINDS or (kind in SERVER_KINDS and case.device.is_node):
            return APPLIED
        return self._judge_actor(case, kind)

    def _judge_actor(self, case: Case, kind: Kind) -> Judgement:
        if kind in SERVER_KINDS:
            return Judgement(Answer.HELD, "actor_not_allowed")
        if kind in (Kind.SHIFT_STARTED, Kind.SHIFT_ENDED):
            return self._judge_shift(case)
        return self._judge_deed(case, kind)

    def _judge_shift(self, case: Case) -> Judgement:
        if case.body.kind == Kind.SHIFT_ENDED:
            return self._judge_proof(case)
        ticket = read_ticket(case.payload.facts.ticket)
        is_theirs = ticket and (ticket.member, ticket.device) == (case.body.actor, case.device.id)
        if ticket is None or not is_theirs or case.effective_at >= ticket.expires_at:
            return Judgement(Answer.HELD, "ticket_invalid")
        place = case.payload.reader.spec.place(case.payload.facts) if case.payload.reader else None
        grants = self.grants.get(ticket.member, [])
        if place is None or not is_allowed(grants, _ANY_ROLE, place, case.effective_at):
            return Judgement(Answer.HELD, "actor_not_allowed")
        return APPLIED

    def _judge_deed(self, case: Case, kind: Kind) -> Judgement:
        if case.body.actor is None:
            is_citizens = case.device.is_node and kind is Kind.DECLARATION_SUBMITTED
            return APPLIED if is_citizens else Judgement(Answer.HELD, "actor_missing")
        proof = self._judge_proof(case)
        if proof is not APPLIED or case.payload.reader is None:
            return proof
        place = case.payload.reader.spec.place(case.payload.facts)
        grants = self.grants.get(case.body.actor, [])
        if not is_allowed(grants, ROLES_FOR_KIND[kind], place, case.effective_at):
            return Judgement(Answer.HELD, "actor_not_allowed")
        return APPLIED

    def _judge_proof(self, case: Case) -> Judgement:
        """The server vouches for its own sessions; a station's actor is proven by a shift earlier in the log."""
        if case.device.is_node:
            return APPLIED
        seq = case.body.seq or 0
        shifts = self.shifts.get(case.body.log, [])
        if any(shift.actor == case.body.actor and shift.seq < seq for shift in shifts):
            return APPLIED
        return Judgement(Answer.HELD, WAITS_FOR_SHIFT)


_ANY_ROLE = frozenset(role for roles in ROLES_FOR_KIND.values() for role in roles)


def bench_for(bodies: Iterable[Body], shifts: dict[UUID, list[Shift]]) -> Bench:
    """Gather what judging these entries needs, in two queries."""
    held = list(bodies)
    actors = {body.actor for body in held if body.actor}
    # Of several verdicts one that admits wins: what was applied is not taken back, whatever came first.
    verdicts = sorted(lookup(_VERDICTS, "entry", [body.id for body in held]), key=lambda verdict: verdict[1])
    return Bench(grants_of(actors), shifts, {entry: bool(is_admitted) for entry, is_admitted in verdicts})
