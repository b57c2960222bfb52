"""The row of an entry as it is stored."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.keys.sealing import seal
from chotxanh.ledger.judging import KIND_UNKNOWN, Judgement
from chotxanh.ledger.models import Entry
from chotxanh.ledger.receiving import Received
from chotxanh.ledger.shifts import STARTED
from chotxanh.ledger.unread import UNREAD_KIND, UNREAD_VERSION, sealed_text
from chotxanh.protocol.envelope import Body
from chotxanh.protocol.payloads import Payload
from chotxanh.protocol.places import ANYWHERE, Place
from chotxanh.storage.rows import Table


class EntryRow(NamedTuple):
    """Every column of an entry."""

    id: UUID
    digest: bytes
    device: UUID
    log: UUID
    seq: int | None
    kind: str
    version: int
    actor: UUID | None
    occurred_at: datetime
    effective_at: datetime
    earliest_at: datetime | None
    marks: int
    unsettled_boot: UUID | None
    facility: str
    post: UUID | None
    received_at: datetime
    clock_era: int
    applied_at: datetime | None
    answer: str
    problem: str
    body: str
    signature: bytes
    personal: bytes | None
    unread: bytes | None = None


ENTRIES = Table(Entry, EntryRow)


class Settled(msgspec.Struct, frozen=True):
    """What was decided about an entry at its receipt: judgement, corrected time (UTC), marks.

    `received_at` is by this server's clock (UTC), in the `clock_era` of it (`server_clock.clock_era`).
    `is_unsettled`: its own clock is in doubt, whatever was said of it meanwhile.
    """

    judgement: Judgement
    effective_at: datetime
    marks: Mark
    received_at: datetime
    clock_era: int
    place: Place
    is_unsettled: bool


def place_of(body: Body, payload: Payload) -> Place:
    """Return where a deed was done as it says itself; nowhere where it names nothing, or cannot be read (yet)."""
    row, facts = payload.row, payload.facts
    place = row.place(facts) if row and facts is not None and body.kind != STARTED else ANYWHERE
    return Place() if place == ANYWHERE else place


def entry_row(received: Received, body: Body, personal: str | None, settled: Settled) -> EntryRow:
    """Return the row of an entry seen for the first time, its personal part sealed."""
    is_applied = settled.judgement.answer is Answer.APPLIED
    is_doubtful = Mark.TIME_DOUBTFUL in settled.marks
    # By what the entry says itself: of several words of leads the last one stands, so that it may be settled again.
    is_unsettled = settled.is_unsettled and body.clock is not None
    row = EntryRow(
        id=body.id,
        digest=received.digest,
        device=body.device,
        log=body.log,
        seq=body.seq,
        kind=body.kind,
        version=body.version,
        actor=body.actor,
        occurred_at=body.occurred_at,
        effective_at=settled.effective_at,
        earliest_at=settled.effective_at if is_doubtful else None,  # until it is bound
        marks=int(settled.marks),
        unsettled_boot=body.clock.boot if is_unsettled and body.clock else None,
        facility=settled.place.facility,
        post=None if is_applied else settled.place.post,
        received_at=settled.received_at,
        clock_era=settled.clock_era,
        applied_at=settled.received_at if is_applied else None,
        answer=settled.judgement.answer.value,
        problem=settled.judgement.problem,
        body=received.wire.body if received.wire else "",
        signature=received.signature,
        personal=seal(personal.encode(), body.id.bytes) if personal is not None else None,
    )
    is_unknown = settled.judgement.problem == KIND_UNKNOWN
    if not is_unknown and settled.judgement.answer is not Answer.REJECTED:
        return row
    unread = _unread(row, body)
    return unread._replace(kind=UNREAD_KIND, version=UNREAD_VERSION) if is_unknown else unread


def _unread(row: EntryRow, body: Body) -> EntryRow:
    """Keep a body that nobody here can read sealed, and outside everything that reads bodies."""
    return row._replace(earliest_at=None, unsettled_boot=None, body="", unread=sealed_text(body, row.body))
