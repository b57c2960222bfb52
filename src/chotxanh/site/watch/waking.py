"""Wakes whoever is on duty about a fault: an errand for each fault and day, handed to the department's own gateway."""

import logging
import urllib.request
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import DatabaseError

from chotxanh.configuration import replace_file
from chotxanh.domain.problems import Problem
from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.errands import finish, lease_next, note_errands, postpone
from chotxanh.ledger.worker.loop import LEASE
from chotxanh.ledger.worker.registry import Outcome, Task, errand
from chotxanh.registers.duties.entries import province_number
from chotxanh.site.watch.faults import Fault, faults

WAKE = "duty.wake"
TOLD_FILE = "told-faults.json"
WITHIN_SECONDS = 10
SCHEMES = ("http", "https")
logger = logging.getLogger("chotxanh.faults")


class _Word(msgspec.Struct, frozen=True):
    """What the gateway is given; `id` is the same however often one fault of one day is sent."""

    id: str
    to: str
    text: str


def register_work() -> None:
    """Declare the errand: its effect is a message to a person, which no rebuild may send again."""
    errand(WAKE, wake, is_at_once=True)


def ask_to_wake(found: Sequence[Fault], now: datetime) -> None:
    """Note an errand for each fault that nobody was told of today (Viet Nam), if there is a gateway (UTC `now`)."""
    if not settings.WAKE_URL:
        return
    day, told = _day(now), _told()
    keys = [f"{fault.code}/{day}" for fault in found if told.get(fault.code) != day]
    if keys:
        in_one_transaction(lambda: note_errands({(WAKE, key): now for key in keys}, is_rebuilding=False))


def wake_now(now: datetime) -> int:
    """Carry out what was noted, for no worker may run; return how many words were not delivered.

    Raises DatabaseError.
    """
    failed = 0
    while held := lease_next([WAKE], now, LEASE):
        try:
            outcome = wake(held.task, now)
        except DatabaseError:
            raise
        except Exception as error:  # what a gateway may answer is not known here
            logger.warning("%s of the gateway", type(error).__name__)
            postpone(held, type(error).__name__, now)
            failed += 1
        else:
            finish(held, outcome)
    return failed


def wake(task: Task, now: datetime) -> Outcome:
    """Tell the gateway of one fault, unless it is gone, or its day. Raises OSError or HTTPException if not taken."""
    code, _, day = task.key.partition("/")
    fault = next((fault for fault in faults(now) if fault.code == code), None)
    if fault is None or day != _day(now):
        return Outcome()
    _deliver(_Word(task.idempotency_key, province_number(now), fault.sentence))
    return Outcome(lambda: _remember(code, day))


def _deliver(word: _Word) -> None:
    if urlsplit(settings.WAKE_URL).scheme not in SCHEMES:
        raise Problem("setting_invalid", value="CHOTXANH_WAKE_URL")
    headers = {"Content-Type": "application/json", "Idempotency-Key": word.id}
    request = urllib.request.Request(settings.WAKE_URL, msgspec.json.encode(word), headers)  # noqa: S310 -- looked at
    with urllib.request.urlopen(request, timeout=WITHIN_SECONDS) as answer:  # noqa: S310
        answer.read()


def _day(now: datetime) -> str:
    return now.astimezone(VIETNAM).date().isoformat()


def _told() -> dict[str, str]:
    try:
        return msgspec.json.decode((settings.HOME / TOLD_FILE).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}


def _remember(code: str, day: str) -> None:
    oldest = date.fromisoformat(day).replace(day=1).isoformat()
    kept = {known: told for known, told in _told().items() if told >= oldest}
    replace_file(settings.HOME / TOLD_FILE, msgspec.json.encode({**kept, code: day}))
