"""Records a batch of entries: one transaction, one answer for each, and nothing thrown away."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from chotxanh.beside.networks import Network
from chotxanh.domain.clocks import Moment
from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.domain.standing.times import Span
from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.anchors import moments_of, note_measurements
from chotxanh.ledger.applying import When, apply_happenings, happening_of, stored_happening
from chotxanh.ledger.entries import ERASED, ClockSettled, foresee_erasures, note_clock_rulings
from chotxanh.ledger.erasing import without_erased
from chotxanh.ledger.evidence import Evidence, evidence_ahead
from chotxanh.ledger.falling import doubt_behind, falling_among
from chotxanh.ledger.feed.head import epoch_ahead
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.judging import APPLIED, Authority, Case, Judgement, authority_over
from chotxanh.ledger.locks import asking_in_ledger
from chotxanh.ledger.logs import LockedLogs, lock_logs, make_missing_logs
from chotxanh.ledger.models import Entry
from chotxanh.ledger.receiving import Received, authenticate, devices_of, moment_of_entry, read_entry
from chotxanh.ledger.retrying import give_way, in_one_transaction
from chotxanh.ledger.server_clock import clock_era
from chotxanh.ledger.setting_aside import keep_within_quota, put_aside
from chotxanh.ledger.settling import Arrival, Sealed, awaken
from chotxanh.ledger.shifts import STARTED
from chotxanh.ledger.stored import ENTRIES, EntryRow, Settled, entry_row, place_of
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.kinds import foresights_of_all, person_of, recorded_alone
from chotxanh.protocol.payloads import Payload, read_sent
from chotxanh.registers.devices.known import KnownDevice
from chotxanh.storage.lookups import lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table, insert_missing_ahead


class _Known(NamedTuple):
    id: UUID
    digest: bytes
    answer: str
    problem: str


_KNOWN = Table(Entry, _Known)


class EntryAnswer(msgspec.Struct, frozen=True):
    """What the sender is told about one entry; `id` is None where it could not be read."""

    id: UUID | None
    answer: Answer
    problem: str | None = None


@dataclass(frozen=True)
class Recorded:
    """The answers and the digests, in the order of what was sent; what could not be read has an empty digest.

    `epoch` is that of the node's life. By log, the running numbers that are missing, and the highest one known
    `before` this batch and after it.
    """

    epoch: str
    answers: list[EntryAnswer]
    digests: list[bytes]
    gaps: dict[UUID, list[tuple[int, int]]]
    before: dict[UUID, int]
    highest: dict[UUID, int]


@dataclass(frozen=True)
class _Found:
    """What a batch asks for in one trip whatever is in it: its logs, which are locked before the rest is read."""

    logs: LockedLogs
    known: Mapping[UUID, _Known]
    evidence: Evidence
    epoch: str


@dataclass
class _Batch:
    """What is known of a batch while it is being recorded."""

    received_at: datetime
    devices: Mapping[UUID, KnownDevice]
    payloads: Mapping[int, Payload]
    found: _Found
    answers: dict[int, EntryAnswer] = field(default_factory=dict)
    repeated: list[tuple[int, int]] = field(default_factory=list)
    aside: list[tuple[Received, str]] = field(default_factory=list)
    unremarked: set[UUID] = field(default_factory=set)
    clock_era: int = field(default_factory=clock_era)


class Fresh(msgspec.Struct, frozen=True):
    """An authentic entry seen for the first time: its judgement, its time by its own clock, and its corrected one."""

    position: int
    received: Received
    body: Body
    payload: Payload
    own: Moment
    settled: Moment
    personal: str | None
    judgement: Judgement = APPLIED

    @property
    def marks(self) -> Mark:
        """The marks of its authority and of its time."""
        marks = self.judgement.marks
        return marks | Mark.TIME_DOUBTFUL if self.settled.is_doubtful else marks

    @property
    def is_applied(self) -> bool:
        """Whether it counts at once."""
        return self.judgement.answer is Answer.APPLIED


def record(raws: Sequence[bytes], received_at: datetime, sender: Network | None = None) -> Recorded:
    """Record entries as they came over the wire. Never raises for what was sent; answers say what became of it.

    Of what no enrolled device signed, only so much is kept of one `sender`.
    """
    received = [read_entry(raw) for raw in raws]
    devices = devices_of(received)
    authentic = [
        authenticate(each, devices.get(each.body.device) if each.body else None) for each in received
    ]
    if sender is not None:
        authentic = keep_within_quota(authentic, sender, received_at)
    return record_received(authentic, devices, received_at)


def record_received(
    received: Sequence[Received], devices: Mapping[UUID, KnownDevice], received_at: datetime
) -> Recorded:
    """Record entries whose authenticity is already known."""
    return in_one_transaction(lambda: record_within(received, devices, received_at))


def record_within(
    received: Sequence[Received], devices: Mapping[UUID, KnownDevice], received_at: datetime
) -> Recorded:
    """Record likewise as a part of what the caller does `in_one_transaction`."""
    with write_feed_last(received_at):
        recorded = _record(received, devices, received_at)
    return recorded()


def _record(
    received: Sequence[Received], devices: Mapping[UUID, KnownDevice], received_at: datetime
) -> Ahead[Recorded]:
    authentic = [each.body for each in received if each.body and not each.problem]
    payloads = _payloads(received)
    alone = recorded_alone()
    is_alone = any(body.kind in alone for body in authentic)

    def find() -> Ahead[_Found]:
        return _find(authentic, list(payloads.values()), _persons_of(received, payloads))

    with asking_in_ledger(find, is_alone=is_alone) as first, hold_key_ring():
        # What was read before a log was there to be locked may be out of date.
        found = find()() if make_missing_logs(authentic, first.logs) else first
        logs, before = found.logs, found.logs.highest
        batch = _Batch(received_at, devices, payloads, found)
        fresh = _judge_all(batch, _pick_fresh(batch, received))
        certain = [(each.body, each.own.effective_at) for each in fresh if _is_certain(each)]
        fresh = _with_doubt(fresh, falling_among(logs, certain))
        stored = _store(batch, fresh)
        bodies = [each.body for each in fresh]
        happenings = [
            happening_of(each.body, each.payload, When(each.settled.effective_at, received_at), each.marks)
            for each in fresh
            if each.is_applied
        ]
        behind = doubt_behind(logs, certain)
        happenings += [stored_happening(entry) for entry in behind if entry.answer == Answer.APPLIED]
        arrival = Arrival(
            batch.unremarked, logs.doubtful, [_sealed(each) for each in fresh if _is_held(each)]
        )
        awake = awaken(bodies, happenings, received_at, arrival)
        apply_happenings(awake, received_at, is_deciding=True)
        for body, at in certain:
            logs.note_certain(body.log, at)
        doubted = [(each.body.log, each.body.seq) for each in fresh if each.settled.is_doubtful]
        for log, seq in [*doubted, *((entry.log, entry.seq) for entry in behind)]:
            logs.note_doubtful(log, seq)
        gaps = logs.note_seen(bodies)
    answers = [batch.answers[position] for position in range(len(received))]

    def recorded() -> Recorded:
        if stored() != {body.id for body in bodies}:
            raise give_way()
        return Recorded(found.epoch, answers, [each.digest for each in received], gaps, before, logs.highest)

    return recorded


def _with_doubt(fresh: Sequence[Fresh], falling: Collection[UUID]) -> list[Fresh]:
    """Doubt the times that fall while numbers grow."""
    return [
        replace(each, settled=each.settled.in_doubt()) if each.body.id in falling else each for each in fresh
    ]


def _is_certain(each: Fresh) -> bool:
    """Whether its own clock leaves no doubt, and it can be read."""
    is_read = each.payload.row is not None and each.judgement.answer is not Answer.REJECTED
    return is_read and not each.own.is_doubtful and each.body.seq is not None


def _payloads(received: Sequence[Received]) -> dict[int, Payload]:
    """Read what authentic entries say, by their positions: a number may stand over several."""
    return {
        position: read_sent(each.body, each.wire.personal if each.wire else None)
        for position, each in enumerate(received)
        if each.body and not each.problem
    }


def _persons_of(received: Sequence[Received], payloads: Mapping[int, Payload]) -> set[UUID]:
    """Return the registrations whose sealed parts are among these: of who was erased before, nothing is kept."""
    bodies = ((received[position].body, payload) for position, payload in payloads.items())
    sealed = [(body.kind, payload.facts) for body, payload in bodies if body and payload.personal]
    return {person for kind, facts in sealed if (person := person_of(kind, facts))}


def _is_held(each: Fresh) -> bool:
    return not each.is_applied and each.payload.personal is not None


def _sealed(each: Fresh) -> Sealed:
    return Sealed(each.body.id, each.body.kind, each.payload.facts)


def _find(bodies: Collection[Body], payloads: Sequence[Payload], persons: Collection[UUID]) -> Ahead[_Found]:
    logs, ids = lock_logs(bodies), [body.id for body in bodies]
    known, evidence, epoch = _known_ahead(ids), evidence_ahead(bodies), epoch_ahead()
    # Last, and what only reads behind what locks: a lock lets be forgotten what was read before it.
    for foresee in foresights_of_all():
        foresee([each.facts for each in payloads])
    foresee_erasures(persons, ids)
    return lambda: _Found(logs(), known(), evidence(), epoch())


def _pick_fresh(batch: _Batch, received: Sequence[Received]) -> list[tuple[int, Received, Body]]:
    """Answer everything that is unreadable, forged, repeated or reused; return what is new, sorted by id."""
    known, logs = batch.found.known, batch.found.logs
    taken = logs.taken_numbers([each.body for each in received if each.body])
    first: dict[UUID, int] = {}
    fresh: list[tuple[int, Received, Body]] = []
    for position, each in enumerate(received):
        body = each.body
        if each.problem or body is None:
            _set_aside(batch, position, each, each.problem or "entry_unreadable")
        elif body.id in first and received[first[body.id]].digest == each.digest:
            batch.repeated.append((position, first[body.id]))
        elif body.id in first:
            _set_aside(batch, position, each, "id_reused")
        elif body.id in known:
            _answer_known(batch, position, each, known[body.id])
        elif body.seq is not None and (body.log, body.seq) in taken:
            _set_aside(batch, position, each, "running_number_reused")
        elif not logs.is_of_device(body):
            _set_aside(batch, position, each, "log_of_another_device")
        else:
            first[body.id] = position
            taken.add((body.log, body.seq or 0))
            fresh.append((position, each, body))
    return sorted(fresh, key=lambda each: each[2].id)


def _known_ahead(ids: Collection[UUID]) -> Ahead[dict[UUID, _Known]]:
    asked = lookup_ahead(_KNOWN, "id", ids)
    return lambda: {known.id: known for known in asked()}


def _answer_known(batch: _Batch, position: int, received: Received, known: _Known) -> None:
    if bytes(known.digest) != received.digest:
        _set_aside(batch, position, received, "id_reused")
        return
    # Of what is held the sender learns in this way what has become of it: it counts, was refused, or still waits.
    is_applied = known.answer == Answer.APPLIED
    answer = Answer.DUPLICATE if is_applied else Answer(known.answer)
    batch.answers[position] = EntryAnswer(known.id, answer, None if is_applied else known.problem)


def _set_aside(batch: _Batch, position: int, received: Received, problem: str) -> None:
    batch.aside.append((received, problem))
    id = received.body.id if received.body else None
    batch.answers[position] = EntryAnswer(id, Answer.REJECTED, problem)


def _judge_all(batch: _Batch, picked: Sequence[tuple[int, Received, Body]]) -> list[Fresh]:
    """Decode payloads, judge, and correct times; shift starts first, since they prove the other actors."""
    remarks = batch.found.evidence.remarks
    erased = {remark.entry for remark in remarks if remark.what == ERASED}
    batch.unremarked = {body.id for _, _, body in picked} - {remark.entry for remark in remarks}
    fresh = []
    for position, received, body in picked:
        personal = received.wire.personal if received.wire and body.id not in erased else None
        payload = read_sent(body, None) if body.id in erased else batch.payloads[position]
        own = moment_of_entry(body, batch.received_at)
        fresh.append(Fresh(position, received, body, payload, own, own, personal))
    authority = authority_over([each.payload for each in fresh], batch.found.evidence)
    judged = []
    for each in sorted(fresh, key=_judged_first):
        device, own = batch.devices[each.body.device], each.own
        case = Case(
            each.body,
            each.payload,
            device,
            effective_at=own.effective_at,
            received_at=batch.received_at,
            is_in_doubt=own.is_doubtful,
        )
        judgement = authority.judge(case)
        if judgement.answer is Answer.APPLIED:
            latest = batch.received_at if own.is_doubtful else own.effective_at
            authority.take_in(each.body, each.payload, latest)
        judged.append(each if judgement is each.judgement else replace(each, judgement=judgement))
    return _with_late_anchors(batch, sorted(judged, key=lambda each: each.body.id), authority)


def _judged_first(each: Fresh) -> tuple[int, int]:
    """Shifts by running number, their starts before everything that they prove; the rest in any order."""
    kind_order = {STARTED: 0, "shift.ended": 1}.get(each.body.kind, 2)
    return (kind_order, each.body.seq or 0)


def _with_late_anchors(batch: _Batch, judged: Sequence[Fresh], authority: Authority) -> list[Fresh]:
    """A late measurement corrects the time and the marks that follow it, not the answer."""
    applied = [each for each in judged if each.is_applied]
    note_measurements([(each.body, each.payload.facts) for each in applied])
    note_clock_rulings(
        (each.body.id, each.payload.facts, each.settled.effective_at, each.marks)
        for each in applied
        if isinstance(each.payload.facts, ClockSettled)
    )
    unsure = [each.body for each in judged if each.settled.is_doubtful]
    if not unsure:
        return list(judged)
    moments = moments_of([(body, batch.received_at) for body in unsure])
    return [
        _corrected(each, moments[each.body.id], authority) if each.body.id in moments else each
        for each in judged
    ]


def _corrected(each: Fresh, settled: Moment, authority: Authority) -> Fresh:
    """Return it at the time that is known now; one that is still in doubt is marked when it is bound."""
    if not each.is_applied or settled.is_doubtful:
        return replace(each, settled=settled)
    marks = authority.marks_of(each.body, each.payload, Span.at(settled.effective_at))
    return replace(each, settled=settled, judgement=replace(each.judgement, marks=marks))


def _store(batch: _Batch, judged: Sequence[Fresh]) -> Ahead[set[UUID]]:
    """Store and answer; return which were new, which nobody waits for: nearly always all were.

    A log's lock lets its batches follow each other. Entries of this server have no such lock: when one is sent over
    two connections at once, the other transaction may just have won. This one then gives way, and begins anew.
    """
    stored = insert_missing_ahead(ENTRIES, [_row(batch, each) for each in judged])
    for each in judged:
        problem = each.judgement.problem or None
        batch.answers[each.position] = EntryAnswer(each.body.id, each.judgement.answer, problem)
    for position, first in batch.repeated:
        answer = batch.answers[first]
        is_rejected = answer.answer is Answer.REJECTED
        batch.answers[position] = answer if is_rejected else EntryAnswer(answer.id, Answer.DUPLICATE)
    put_aside(batch.aside, batch.received_at)
    return stored


def _row(batch: _Batch, each: Fresh) -> EntryRow:
    settled = Settled(
        judgement=each.judgement,
        effective_at=each.settled.effective_at,
        marks=each.marks,
        received_at=batch.received_at,
        clock_era=batch.clock_era,
        place=place_of(each.body, each.payload),
        is_unsettled=each.own.is_doubtful,
    )
    row = entry_row(each.received, each.body, each.personal, settled)
    return without_erased(row, each.received.wire.body if each.received.wire else "")
