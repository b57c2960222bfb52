"""Judges authentic entries: were their actors allowed, then and there (docs/architecture.md, step 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from chotxanh.domain.kinds import Answer, NodeRole
from chotxanh.domain.marks import NOT_FOR, Mark, disputes_of
from chotxanh.domain.standing.times import Span
from chotxanh.ledger.entries import ADMITTED, RULINGS, EntryAdmitted, EntryRefused, RemarkRow
from chotxanh.ledger.evidence import Evidence
from chotxanh.ledger.shifts import ENDED, STARTED, Hours, Shifts, boundary_of, hours_of
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.kinds import KindRow
from chotxanh.protocol.payloads import Payload
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.kept_tickets import note_forgotten_ends
from chotxanh.registers.devices.known import KnownDevice
from chotxanh.registers.devices.tickets import Ticket, ends_of, read_ticket
from chotxanh.registers.facilities.authority import FacilityAuthority, authority_of
from chotxanh.registers.kits.known import KnownKit, KnownTest, kits_named, tests_named
from chotxanh.registers.posts.entries import PostRow
from chotxanh.registers.posts.sites import posts_named, with_post
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import Cover, changes_of, cover_of, covers_throughout, of_method

WAITS_FOR_SHIFT = "actor_unproven"
KIND_UNKNOWN = "kind_unknown"
TICKET_OVER = "ticket_over"
TICKET_INVALID = "ticket_invalid"
NOT_ALLOWED = "actor_not_allowed"
REGISTER_UNKNOWN = "register_unknown"
Ruling = (EntryAdmitted, EntryRefused)


class Judgement(msgspec.Struct, frozen=True):
    """What becomes of an entry, by which problem if it is not applied, and the marks of its actor's authority."""

    answer: Answer
    problem: str = ""
    marks: Mark = Mark.NONE


class Case(msgspec.Struct, frozen=True):
    """All that a judgement rests on: the entry, its payload, its device, and its time by its own clock (UTC).

    A clock that leaves its time in doubt says no more than that it was written before it was received.
    A measurement that comes later corrects the time, not the answer: what was applied stays applied.
    """

    body: Body
    payload: Payload
    device: KnownDevice
    effective_at: datetime
    received_at: datetime
    is_in_doubt: bool = False


class _Deed(NamedTuple):
    """What the marks of an entry rest on, looked up once: its time, its place, who answers for it, its grants."""

    body: Body
    facts: Any
    row: KindRow
    span: Span
    place: Place | None
    facility: FacilityAuthority
    grants: list[GrantRow]


APPLIED = Judgement(Answer.APPLIED)
REFUSED = Judgement(Answer.HELD, "refused")


class Admitted(NamedTuple):
    """The entries that leads let count: those of which one lead's word is not itself disputed, and the others."""

    with_authority: frozenset[UUID] = frozenset()
    without_authority: frozenset[UUID] = frozenset()


_NONE_ADMITTED = Admitted()


@dataclass
class Authority:
    """What is known when a batch is judged: grants of its actors, shifts of its logs, rulings on its entries."""

    grants: dict[UUID, list[GrantRow]]
    shifts: dict[UUID, Shifts]
    rulings: dict[UUID, bool] = field(default_factory=dict)
    facilities: dict[str, FacilityAuthority] = field(default_factory=dict)
    posts: dict[UUID, PostRow] = field(default_factory=dict)
    tests: dict[UUID, KnownTest] = field(default_factory=dict)
    kits: dict[UUID, KnownKit] = field(default_factory=dict)
    ticket_ends: dict[UUID, datetime] = field(default_factory=dict)
    admitted: Admitted = _NONE_ADMITTED

    def take_in(self, body: Body, payload: Payload, at: datetime) -> None:
        """Let a shift's start or end that was just applied, at a time (UTC) at the latest, count for what is judged."""
        boundary = boundary_of(body, self._hours(payload, at) if body.kind == STARTED else None)
        if boundary is not None:
            self.shifts.setdefault(body.log, Shifts()).add(boundary)

    def judge(self, case: Case, times: Span | None = None) -> Judgement:
        """Return the judgement; only what counts is marked.

        `times` are those between which it was done by all that is known, where that is not what its own clock says.
        """
        judgement = self._judge_with_rulings(case)
        if judgement.answer is not Answer.APPLIED:
            return judgement
        if not self._holds_needs(case):
            return Judgement(Answer.HELD, REGISTER_UNKNOWN)
        marks = self.marks_of(case.body, case.payload, times or Span.at(case.effective_at))
        return judgement if marks == judgement.marks else replace(judgement, marks=marks)

    def marks_of(self, body: Body, payload: Payload, span: Span) -> Mark:
        """Return the marks of its actor's authority, of its shift and of its facility, if it was done within `span`.

        They rest on what the registers and the log say of the deed, and never on why it counts: a revoked device, or
        a ruling, changes none of them; but of what a lead let count nobody asks the hours again. Of a doubtful time
        nobody is authorised who was not at any time between its bounds: a clock that is put back gives nothing back.
        """
        row, facts = payload.row, payload.facts
        if row is None or facts is None or row.who.is_device:
            return Mark.NONE
        place = row.place(facts)
        facility = self.facilities.get(place.facility) or FacilityAuthority()
        grants = self.grants.get(body.actor, []) if body.actor else []
        deed = _Deed(body, facts, row, span, with_post(place, self.posts), facility, grants)
        found = [_facility_mark(deed), self._method_marks(deed)]
        if body.actor is not None and body.kind != ENDED:
            found += [self._word_mark(deed), self._shift_mark(deed)]
        # Nearly always none: joining what is none costs as much as finding it.
        return reduce(or_, (mark for mark in found if mark is not Mark.NONE), Mark.NONE)

    def _judge_with_rulings(self, case: Case) -> Judgement:
        """A lead's ruling stands, whether it came before the entry or after.

        What only the server may decide, nobody can admit; nor a shift on a ticket that is none.
        """
        judgement = self._judge(case)
        row = case.payload.row
        is_waiting = judgement.problem == REGISTER_UNKNOWN  # no word makes a post known
        if judgement.answer is Answer.HELD and row and _is_admissible(case, row) and not is_waiting:
            admitted = self.rulings.get(case.body.id)
            if admitted is not None:
                return APPLIED if admitted else REFUSED
        return judgement

    def _judge(self, case: Case) -> Judgement:
        row = case.payload.row
        if row is None:
            return Judgement(Answer.HELD, KIND_UNKNOWN)
        if case.payload.problem:
            return Judgement(Answer.REJECTED, case.payload.problem)
        if case.device.revoked_at is not None:
            return Judgement(Answer.HELD, "device_revoked")
        if row.who.is_device or _is_by_node(case, row.who.nodes):
            return APPLIED
        return self._judge_person(case, row)

    def _judge_person(self, case: Case, row: KindRow) -> Judgement:
        if row.who.is_nodes_alone or _is_for_office(case, row):
            return Judgement(Answer.HELD, NOT_ALLOWED)
        if case.body.kind == STARTED:
            return self._judge_start(case, row)
        return self._judge_deed(case, row)

    def _judge_start(self, case: Case, row: KindRow) -> Judgement:
        """It is theirs alone, and begins within its hours; by a clock in doubt, if it came before they were over."""
        facts = case.payload.facts
        ticket = read_ticket(facts.ticket)
        said = (case.body.actor, case.device.id, facts.proof)
        is_theirs = ticket and (ticket.member, ticket.device, ticket.proof) == said
        is_opened = is_theirs and ticket and ticket.opens(case.body.id, facts.opened)
        if ticket is None or not is_opened or not self._may_begin(ticket, case):
            return Judgement(Answer.HELD, TICKET_INVALID)
        return self._judge_grants(ticket.member, case, row)

    def _judge_deed(self, case: Case, row: KindRow) -> Judgement:
        if case.body.actor is None:
            is_citizens = _is_by_node(case, row.who.citizens_at)
            return APPLIED if is_citizens else Judgement(Answer.HELD, "actor_missing")
        proof = self._judge_proof(case)
        if proof.answer is not Answer.APPLIED or case.body.kind == ENDED:
            return proof
        return self._judge_grants(case.body.actor, case, row)

    def _judge_grants(self, member: UUID, case: Case, row: KindRow) -> Judgement:
        """Held is only what no grant covers or ever covered.

        A deed that names a post this node does not hold waits for it.
        """
        cover = self._cover(member, case, row)
        if cover is None:
            return Judgement(Answer.HELD, REGISTER_UNKNOWN)
        return Judgement(Answer.HELD, NOT_ALLOWED) if cover is Cover.NEVER else APPLIED

    def _holds_needs(self, case: Case) -> bool:
        """Whether this node holds the entries of registers that the deed was done under; no word makes them known."""
        row = case.payload.row
        if row is None or case.payload.facts is None:
            return True
        test, kit = row.needs(case.payload.facts)
        return (test is None or test in self.tests) and (kit is None or kit in self.kits)

    def _cover(self, member: UUID, case: Case, row: KindRow) -> Cover | None:
        """How far the member's grants reach the deed; None while its post is not known here."""
        place = with_post(row.place(case.payload.facts), self.posts)
        if place is None:
            return None
        return cover_of(self.grants.get(member, []), row.who.roles, place, case.effective_at)

    def _judge_proof(self, case: Case) -> Judgement:
        """The province vouches for its own sessions; a station's actor is proven by a shift earlier in the log.

        It proves what was done within the hours of its ticket. A clock in doubt says nothing against it: its time has
        bounds, and the ticket's issue is one.
        """
        if case.device.role == NodeRole.PROVINCE:
            return APPLIED
        shifts = self.shifts.get(case.body.log, Shifts())
        starts = shifts.starts_of(case.body.actor, case.body.seq or 0)
        if not starts:
            return Judgement(Answer.HELD, WAITS_FOR_SHIFT)
        if case.is_in_doubt or case.body.kind == ENDED:
            return APPLIED
        # Any of them: an answer must not fall when one more arrives. Of the last one the marks speak.
        is_proven = any(start.hours is None or start.hours.hold(case.effective_at) for start in starts)
        return APPLIED if is_proven else Judgement(Answer.HELD, TICKET_OVER)

    def _may_begin(self, ticket: Ticket, case: Case) -> bool:
        ends_at = min(ticket.expires_at, self._end_of(ticket) or ticket.expires_at)
        at = max(case.received_at, ticket.issued_at) if case.is_in_doubt else case.effective_at
        return Hours(ticket.issued_at, ends_at).hold(at)

    def _hours(self, payload: Payload, begun_at: datetime) -> Hours | None:
        ticket = read_ticket(payload.facts.ticket)
        hours = hours_of(ticket, begun_at)
        ended_at = self._end_of(ticket) if ticket else None
        return hours._replace(ends_at=min(hours.ends_at, ended_at)) if hours and ended_at else hours

    def _end_of(self, ticket: Ticket) -> datetime | None:
        return self.ticket_ends.get(ticket.id) if ticket.id else None

    def _word_mark(self, deed: _Deed) -> Mark:
        """Mark what its actor's grant does not cover any more, and what only such a lead let count.

        A word of the office that another lead has confirmed stands by that; but no lead's confirming by another's.
        """
        if deed.body.id in self.admitted.without_authority:
            return Mark.AUTHORITY_ENDED
        is_confirmed = deed.body.id in self.admitted.with_authority
        if is_confirmed and deed.row.who.is_offices and not isinstance(deed.facts, Ruling):
            return Mark.NONE
        return _grant_mark(deed)

    def _shift_mark(self, deed: _Deed) -> Mark:
        body = deed.body
        if body.seq is None or body.kind == STARTED:
            return Mark.NONE
        span = None if self.rulings.get(body.id) else deed.span
        return shift_mark(self.shifts.get(body.log, Shifts()), body.actor, body.seq, span)

    def _method_marks(self, deed: _Deed) -> Mark:
        """Ways of testing that the member's grant, or the facility's authorisation, does not name.

        Who was not allowed the deed at all is marked for that alone. A deed that names its test is about that one.
        """
        marks = Mark.NONE
        if not deed.row.is_of_results:
            return marks
        test = self.tests.get(deed.row.needs(deed.facts).test or deed.body.id)
        for method in [test.method] if test else list(NOT_FOR):
            if not (_is_granted(method, deed) and _is_authorised(method, deed)):
                marks |= NOT_FOR[method]
        return marks


def _grant_mark(deed: _Deed) -> Mark:
    """A grant that had ended marks the deed, and one that may have ended or not yet begun."""
    if deed.place is None:
        return Mark.NONE
    covers = covers_throughout(deed.grants, deed.row.who.roles, deed.place, deed.span)
    is_in_doubt = len(covers) > 1
    return Mark.AUTHORITY_ENDED if is_in_doubt or Cover.ENDED in covers else Mark.NONE


def _is_granted(method: str, deed: _Deed) -> bool:
    """Whether the member's grants reach as far with this way of testing as without.

    Whose deed no grant covers, a lead may admit all the same, but not a way of testing that nobody gave them.
    """
    naming = of_method(deed.grants, method)
    if deed.body.actor is not None and not naming:
        return False
    if deed.place is None or len(naming) == len(deed.grants):
        return True
    roles, place = deed.row.who.roles, deed.place
    return all(
        cover_of(naming, roles, place, at) >= cover_of(deed.grants, roles, place, at)
        for at in deed.span.moments(changes_of(deed.grants))
    )


def _is_authorised(method: str, deed: _Deed) -> bool:
    return not deed.row.needs_authorised_facility or deed.facility.names_throughout(method, deed.span)


def _facility_mark(deed: _Deed) -> Mark:
    if not deed.row.needs_authorised_facility or deed.facility.is_authorised_throughout(deed.span):
        return Mark.NONE
    return Mark.FACILITY_NOT_AUTHORISED


def shift_mark(shifts: Shifts, actor: UUID | None, seq: int, span: Span | None) -> Mark:
    """Return the mark of a deed done after its actor's shift had ended, or another's begun, or outside its hours.

    Who never began work in the log is not outside a shift: only a lead's ruling can have let the deed count. Where a
    lead let it count, `span` is None: the hours were looked at.
    """
    start = shifts.start_of(actor, seq)
    if start is None:
        return Mark.NONE
    is_over = span is not None and start.hours is not None and not start.hours.meet(span)
    return Mark.OUTSIDE_SHIFT if is_over or shifts.at_work(seq).actor != actor else Mark.NONE


def authority_over(payloads: Sequence[Payload], evidence: Evidence) -> Authority:
    """Gather what judging entries needs beside the evidence: posts, facilities, tests and kits."""
    rulings: dict[UUID, bool] = {}
    for remark in evidence.remarks:
        if remark.what in RULINGS:
            # Of several rulings one that admits wins: what was applied is not taken back, whatever came first.
            rulings[remark.entry] = rulings.get(remark.entry, False) or remark.what == ADMITTED
    places = [
        (payload.row, payload.row.place(payload.facts))
        for payload in payloads
        if payload.row and payload.facts
    ]
    facilities = {place.facility for row, place in places if row.needs_authorised_facility}
    posts = posts_named({place.post for _, place in places if place.post})
    needs = [payload.row.needs(payload.facts) for payload in payloads if payload.row and payload.facts]
    return Authority(
        evidence.grants,
        evidence.shifts,
        rulings,
        authority_of(facilities),
        posts,
        tests_named({each.test for each in needs if each.test}),
        kits_named({each.kit for each in needs if each.kit}),
        _ticket_ends(payloads),
        _admitted(evidence.remarks),
    )


def _admitted(remarks: Sequence[RemarkRow]) -> Admitted:
    said = [remark for remark in remarks if remark.what == ADMITTED]
    by_right = frozenset(remark.entry for remark in said if not disputes_of(remark.marks))
    return Admitted(by_right, frozenset(remark.entry for remark in said) - by_right)


def _ticket_ends(payloads: Sequence[Payload]) -> dict[UUID, datetime]:
    """Return which of the tickets that shifts begin on here have ended; nearly always none begins."""
    starts = [each for each in payloads if each.row and each.row.kind == STARTED and each.facts]
    tickets = [ticket for each in starts if (ticket := read_ticket(each.facts.ticket))]
    ends = ends_of({ticket.id for ticket in tickets if ticket.id})
    return ends | note_forgotten_ends(tickets, ends)


def _is_admissible(case: Case, row: KindRow) -> bool:
    return row.can_admit and not row.who.is_nodes_alone and not _is_for_office(case, row)


def _is_for_office(case: Case, row: KindRow) -> bool:
    """Whether it was recorded elsewhere though it is decided at the office of the province alone."""
    return row.who.is_offices and case.device.role != NodeRole.PROVINCE


def _is_by_node(case: Case, roles: frozenset[NodeRole]) -> bool:
    return case.body.actor is None and case.device.role in roles
