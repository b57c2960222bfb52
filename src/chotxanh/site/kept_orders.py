"""Orders to erase, kept beside the database: a backup that is put back knows nothing of those that came after it.

The file holds signed entries without a personal part. It lies neither in the database nor in its dump; whoever moves to
another machine takes it along.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from chotxanh.domain.base64url import to_base64url
from chotxanh.ledger.models import Entry
from chotxanh.ledger.recording import record
from chotxanh.ledger.worker.registry import Outcome, Task, errand
from chotxanh.protocol.envelope import WireEntry, body_decoder, wire_decoder
from chotxanh.protocol.kinds import Happening, Touched

FILE = "erasures.jsonl"
KEEP_ORDER = "keeping.order"


def register_work() -> None:
    """Declare the errand that keeps an order; a rebuild has nothing to keep again."""
    errand(KEEP_ORDER, keep_order, leaves_house=False, is_done_by_rebuild=True)


def ask_to_keep(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Let the worker keep these orders, within seconds of their recording."""
    for item in happenings:
        touched.ask(KEEP_ORDER, str(item.id), item.effective_at)


def keep_order(task: Task, _now: datetime) -> Outcome:
    """Write one order behind the others, unless it is there, and let it reach the disk."""
    entry = Entry.objects.filter(id=UUID(task.key)).exclude(body="").first()
    if entry is not None and entry.id not in dict(_kept()):
        wire = WireEntry(entry.body, to_base64url(bytes(entry.signature)))
        file = _file()
        file.touch(mode=0o600)
        with file.open("ab") as stream:
            stream.write(msgspec.json.encode(wire) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    return Outcome()


def carry_out_missing(now: datetime) -> int:
    """Record again the kept orders that the database does not know (UTC `now`); return how many."""
    kept = dict(_kept())
    known = set(Entry.objects.filter(id__in=kept).values_list("id", flat=True))
    missing = [line for id, line in kept.items() if id not in known]
    if missing:
        record(missing, now)
    return len(missing)


def _kept() -> Iterator[tuple[UUID, bytes]]:
    """Yield each kept order with its number; a line that was cut off by a crash is no order."""
    if not _file().exists():
        return
    for line in _file().read_bytes().splitlines():
        try:
            yield body_decoder.decode(wire_decoder.decode(line).body).id, line
        except msgspec.DecodeError:
            continue


def _file() -> Path:
    return Path(settings.HOME, FILE)
