"""Records a batch of entries: one transaction, one answer for each, and nothing thrown away."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chotxanh.domain.clocks import Moment
from chotxanh.domain.kinds import Answer, Kind
from chotxanh.keys.ring import hold_key_ring
from chotxanh.keys.sealing import seal
from chotxanh.ledger.applying import apply_happenings, happening_of
from chotxanh.ledger.entries import Shift, shifts_in
from chotxanh.ledger.judging import APPLIED, Case, Judgement, bench_for
from chotxanh.ledger.locks import enter_ledger
from chotxanh.ledger.logs import LockedLogs, lock_logs
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, Entry, Erasure, SetAside
from chotxanh.ledger.reading import (
    Payload,
    Reading,
    authenticate,
    devices_of,
    moment_of_entry,
    read_entry,
    read_payload,
)
from chotxanh.ledger.settling import awaken, first_anchors
from chotxanh.protocol.envelope import Body
from chotxanh.registers.devices.models import Device
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert_missing

_ENTRIES = Table(
    Entry,
    (
        *("id", "digest", "device", "log", "seq", "kind", "version", "actor", "occurred_at", "effective_at"),
        *("is_doubtful", "boot", "received_at", "answer", "problem", "body", "signature", "personal"),
    ),
)
# What decides how other entries are judged or kept, seen or not yet seen.
_CHANGE_JUDGEMENTS = frozenset(
    {Kind.SHIFT_STARTED, Kind.ENTRY_ADMITTED, Kind.ENTRY_REFUSED, Kind.PERSONAL_ERASED}
)
_KNOWN = Table(Entry, ("id", "digest", "answer", "problem"))
_ERASED = Table(Erasure, ("entry",))
_SET_ASIDE = Table(SetAside, ("entry", "device", "problem", "received_at", "raw", "digest"))


@dataclass(frozen=True)
class EntryAnswer:
    """What the sender is told about one entry; `id` is None where it could not be read."""

    id: UUID | None
    answer: Answer
    problem: str | None = None


@dataclass(frozen=True)
class Recorded:
    """The answers, in the order of what was sent, and the running numbers missing from each log."""

    answers: list[EntryAnswer]
    gaps: dict[UUID, list[tuple[int, int]]]


@dataclass
class _Batch:
    """What is known of a batch while it is being recorded."""

    received_at: datetime
    devices: dict[UUID, Device]
    logs: LockedLogs
    answers: dict[int, EntryAnswer] = field(default_factory=dict)
    repeated: list[tuple[int, int]] = field(default_factory=list)
    aside: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class _Fresh:
    """An authentic entry seen for the first time, with its judgement and its corrected time."""

    position: int
    reading: Reading
    body: Body
    payload: Payload
    settled: Moment
    personal: str | None
    judgement: Judgement = APPLIED


def record(raws: Sequence[bytes], received_at: datetime) -> Recorded:
    """Record entries as they came over the wire. Never raises for what was sent; answers say what became of it."""
    readings = [read_entry(raw) for raw in raws]
    devices = devices_of(readings)
    readings = [
        authenticate(reading, devices.get(reading.body.device) if reading.body else None)
        for reading in readings
    ]
    # Inside a caller's transaction this one is its part: a savepoint would only cost two statements.
    with transaction.atomic(savepoint=False):
        enter_ledger(
            is_alone=any(reading.body and reading.body.kind in _CHANGE_JUDGEMENTS for reading in readings)
        )
        with hold_key_ring():
            logs = lock_logs(reading.body for reading in readings if reading.body and not reading.problem)
            batch = _Batch(received_at, devices, logs)
            fresh = _store(batch, _judge_all(batch, _pick_fresh(batch, readings)))
            bodies = [each.body for each in fresh]
            happenings = [
                happening_of(
                    each.body, each.payload, each.settled.effective_at, is_doubtful=each.settled.is_doubtful
                )
                for each in fresh
                if each.judgement.answer is Answer.APPLIED
            ]
            apply_happenings(awaken(bodies, happenings), received_at, is_deciding=True)
            gaps = logs.note_seen(bodies)
    return Recorded([batch.answers[position] for position in range(len(readings))], gaps)


def _pick_fresh(batch: _Batch, readings: Sequence[Reading]) -> list[tuple[int, Reading, Body]]:
    """Answer everything that is unreadable, forged, repeated or reused; return what is new, sorted by id."""
    known = _known_entries(reading.body.id for reading in readings if reading.body)
    taken = batch.logs.taken_numbers([reading.body for reading in readings if reading.body])
    first: dict[UUID, int] = {}
    fresh: list[tuple[int, Reading, Body]] = []
    for position, reading in enumerate(readings):
        body = reading.body
        if reading.problem or body is None:
            _set_aside(batch, position, reading, reading.problem or "entry_unreadable")
        elif body.id in first and readings[first[body.id]].digest == reading.digest:
            batch.repeated.append((position, first[body.id]))
        elif body.id in first:
            _set_aside(batch, position, reading, "id_reused")
        elif body.id in known:
            _answer_known(batch, position, reading, known[body.id])
        elif body.seq is not None and (body.log, body.seq) in taken:
            _set_aside(batch, position, reading, "running_number_reused")
        elif not batch.logs.is_of_device(body):
            _set_aside(batch, position, reading, "log_of_another_device")
        else:
            first[body.id] = position
            taken.add((body.log, body.seq or 0))
            fresh.append((position, reading, body))
    return sorted(fresh, key=lambda each: each[2].id)


def _known_entries(ids: Iterable[UUID]) -> dict[UUID, tuple[bytes, Answer, str]]:
    rows = lookup(_KNOWN, "id", list(ids))
    return {id: (bytes(digest), Answer(answer), problem) for id, digest, answer, problem in rows}


def _answer_known(batch: _Batch, position: int, reading: Reading, known: tuple[bytes, Answer, str]) -> None:
    digest, answer, problem = known
    if digest != reading.digest:
        _set_aside(batch, position, reading, "id_reused")
        return
    repeated = Answer.REJECTED if answer is Answer.REJECTED else Answer.DUPLICATE
    id = reading.body.id if reading.body else None
    batch.answers[position] = EntryAnswer(id, repeated, problem if repeated is Answer.REJECTED else None)


def _set_aside(batch: _Batch, position: int, reading: Reading, problem: str) -> None:
    body = reading.body
    digest = hashlib.sha256(reading.raw).digest()
    raw = seal(reading.raw, SET_ASIDE_CONTEXT)
    batch.aside.append(
        (body.id if body else None, body.device if body else None, problem, batch.received_at, raw, digest)
    )
    batch.answers[position] = EntryAnswer(body.id if body else None, Answer.REJECTED, problem)


def _judge_all(batch: _Batch, picked: Sequence[tuple[int, Reading, Body]]) -> list[_Fresh]:
    """Decode payloads, correct times and judge; shift starts first, since they prove the other actors."""
    anchors = first_anchors([body for _, _, body in picked])
    erased = _erased_already(picked)
    fresh = []
    for position, reading, body in picked:
        personal = reading.wire.personal if reading.wire and body.id not in erased else None
        payload = read_payload(body, personal)
        settled = moment_of_entry(body, batch.received_at, anchors.get(body.id))
        fresh.append(_Fresh(position, reading, body, payload, settled, personal))
    bench = bench_for((each.body for each in fresh), shifts_in(batch.logs.ids))
    judged = []
    for each in sorted(fresh, key=lambda each: each.body.kind != Kind.SHIFT_STARTED):
        body = each.body
        # A late measurement corrects the time, not the judgement.
        own = moment_of_entry(body, batch.received_at) if body.id in anchors else each.settled
        judgement = bench.judge(Case(body, each.payload, batch.devices[body.device], own.effective_at))
        if body.kind == Kind.SHIFT_STARTED and judgement.answer is Answer.APPLIED and body.actor and body.seq:
            bench.shifts.setdefault(body.log, []).append(Shift(body.actor, body.seq))
        judged.append(replace(each, judgement=judgement))
    return sorted(judged, key=lambda each: each.body.id)


def _erased_already(picked: Sequence[tuple[int, Reading, Body]]) -> set[UUID]:
    ids = [body.id for _, _, body in picked if body.personal]
    return {entry for (entry,) in lookup(_ERASED, "entry", ids)}


def _store(batch: _Batch, judged: Sequence[_Fresh]) -> list[_Fresh]:
    """Store and answer; return what was new.

    A log's lock lets its batches follow each other. Entries of this server have no such lock: when one is sent over
    two connections at once, the other transaction may just have won.
    """
    won = insert_missing(_ENTRIES, [_row(batch, each) for each in judged])
    lost = _known_entries(each.body.id for each in judged if each.body.id not in won)
    for each in judged:
        if each.body.id in won:
            problem = each.judgement.problem or None
            batch.answers[each.position] = EntryAnswer(each.body.id, each.judgement.answer, problem)
        else:
            _answer_known(batch, each.position, each.reading, lost[each.body.id])
    for position, first in batch.repeated:
        answer = batch.answers[first]
        is_rejected = answer.answer is Answer.REJECTED
        batch.answers[position] = answer if is_rejected else EntryAnswer(answer.id, Answer.DUPLICATE)
    insert_missing(_SET_ASIDE, batch.aside)
    return [each for each in judged if each.body.id in won]


def _row(batch: _Batch, each: _Fresh) -> tuple[Any, ...]:
    body, wire = each.body, each.reading.wire
    sealed = seal(each.personal.encode(), body.id.bytes) if each.personal is not None else None
    return (
        *(body.id, each.reading.digest, body.device, body.log, body.seq, body.kind, body.version, body.actor),
        *(body.occurred_at, each.settled.effective_at, each.settled.is_doubtful),
        *(body.clock.boot if body.clock else None, batch.received_at),
        *(each.judgement.answer.value, each.judgement.problem, wire.body if wire else ""),
        *(each.reading.signature, sealed),
    )
