"""What is not issued while this server's clock is behind: the worker issues it once the clock is right again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.applying import decide_again
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_clock import is_behind, receipt_time
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.registry import Outcome, Task

ISSUE_LATER = "certificate.issue_later"
LATER = timedelta(seconds=30)


def ask_to_issue_later(people: Iterable[str], now: datetime) -> None:
    """Have the worker decide again about these people, at `now` (UTC) or once the clock has caught up."""
    note_errands({(ISSUE_LATER, person): now for person in people}, is_rebuilding=False)


def issue_now(task: Task, now: datetime) -> Outcome:
    """Decide again about one person, or come back while the clock is still behind; twice does no harm."""
    if is_behind():
        return Outcome(again_at=now + LATER)
    at = receipt_time(now)

    def write() -> None:
        with write_feed_last(at), in_ledger(is_alone=False), hold_key_ring():
            decide_again([task.key], at)

    in_one_transaction(write)
    return Outcome()
