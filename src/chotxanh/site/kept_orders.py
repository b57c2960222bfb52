"""Orders to erase, kept beside the database: a backup that is put back knows nothing of those that came after it.

The file holds signed entries without a personal part, one a line, some perhaps twice; it is only ever read from end to
end, in parts. It lies neither in the database nor in its dump; whoever moves to another machine takes it along.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.entries import CategoryErased, PersonalErased, erased_among
from chotxanh.ledger.models import Entry, ErasedCategory
from chotxanh.ledger.recording import record
from chotxanh.ledger.server_log import Deed, record_decisions
from chotxanh.ledger.worker.registry import AtRebuild, Outcome, Task, errand
from chotxanh.protocol.envelope import WireEntry, body_decoder, wire_decoder
from chotxanh.protocol.exchange import UNREADABLE
from chotxanh.protocol.kinds import Happening, Touched
from chotxanh.protocol.payloads import read_stored
from chotxanh.storage.files import reach_disk

FILE = "erasures.jsonl"
KEEP_ORDER = "keeping.order"
PART = 500


def register_work() -> None:
    """Declare the errand that keeps an order; what was kept a rebuild does not keep again."""
    errand(KEEP_ORDER, keep_order, leaves_house=False, at_rebuild=AtRebuild.KEPT, is_at_once=True)


def ask_to_keep(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Let the worker keep these orders, within seconds of their recording."""
    for item in happenings:
        touched.ask(KEEP_ORDER, str(item.id), item.effective_at)


def keep_order(task: Task, _now: datetime) -> Outcome:
    """Write one order behind the others, and let it reach the disk. One that is kept already is read as one."""
    entry = Entry.objects.filter(id=UUID(task.key)).exclude(body="").first()
    if entry is not None:
        wire = WireEntry(entry.body, to_base64url(bytes(entry.signature)))
        _append(msgspec.json.encode(wire))
    return Outcome()


def carry_out_missing(now: datetime) -> int:
    """Record again the kept orders that the database does not know (UTC `now`); return how many.

    Each was carried out once, by somebody's grant that may have come after the backup: where that is not known here,
    this node orders the same. A part at a time: the orders of a province fit neither into one statement nor into
    memory.
    """
    count = 0
    for part in _parts():
        known = dict(Entry.objects.filter(id__in=part).values_list("id", "answer"))
        missing = [line for id, line in part.items() if id not in known]
        if missing:
            record(missing, now)
        count += len(missing)
        doubtful = {id: line for id, line in part.items() if known.get(id) != Answer.APPLIED}
        if doubtful:
            _order_what_is_not_in_force(doubtful, now)
    return count


def _order_what_is_not_in_force(part: dict[UUID, bytes], now: datetime) -> None:
    in_force = set(Entry.objects.filter(id__in=part, answer=Answer.APPLIED).values_list("id", flat=True))
    orders = [facts for id, line in part.items() if id not in in_force and (facts := _facts_in(line))]
    erased = erased_among({each.entry for each in orders if isinstance(each, PersonalErased)}, ())
    again = [each for each in orders if not _is_ordered(each, erased)]
    if again:
        record_decisions([Deed(each) for each in again], now)


def _facts_in(line: bytes) -> PersonalErased | CategoryErased | None:
    body = body_decoder.decode(wire_decoder.decode(line).body)
    facts = read_stored(body, None).facts
    if isinstance(facts, PersonalErased):  # what was stored is read into a laxer shape
        return PersonalErased(facts.entry, facts.basis, facts.kept_with)
    if isinstance(facts, CategoryErased):
        return CategoryErased(facts.category, facts.before, facts.basis)
    return None


def _is_ordered(order: PersonalErased | CategoryErased, erased: set[UUID]) -> bool:
    if isinstance(order, PersonalErased):
        return order.entry in erased
    return ErasedCategory.objects.filter(category=order.category, before__gte=order.before).exists()


def _append(line: bytes) -> None:
    """Write a line behind whatever is there, and begin one: a crash may have left the one before without end."""
    file = _file()
    is_new = not file.exists()
    file.touch(mode=0o600)
    with file.open("ab") as stream:
        stream.write(b"\n" + line + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        reach_disk(file.parent)


def _parts() -> Iterator[dict[UUID, bytes]]:
    """Yield the kept orders by their numbers, a part at a time; a line that was cut off by a crash is no order."""
    if not _file().exists():
        return
    part: dict[UUID, bytes] = {}
    with _file().open("rb") as stream:
        for line in stream:
            with suppress(*UNREADABLE):
                part[body_decoder.decode(wire_decoder.decode(line).body).id] = line.rstrip()
            if len(part) == PART:
                yield part
                part = {}
    yield part


def _file() -> Path:
    return Path(settings.HOME, FILE)
