"""What the worker does for the ledger: judging again whose authority changed, and sweeping what expired in the feed."""

from datetime import date, datetime

from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.feed.sweeping import sweep_feed
from chotxanh.ledger.models import Rejudging
from chotxanh.ledger.rejudging import carry_out_a_slice
from chotxanh.ledger.setting_aside import purge_unauthentic
from chotxanh.ledger.worker.registry import AtRebuild, Outcome, Task, ask_where, daily, errand

SWEEP, SWEEP_AT_HOUR = "feed.sweep", 3
PURGE, PURGE_AT_HOUR = "aside.purge", 4
SLICE = 2000


def register_work() -> None:
    """Declare the ledger's own errand and its daily jobs."""
    kept = AtRebuild.KEPT  # it changes answers and marks, which a rebuild takes as they are stored
    errand(JUDGE_AGAIN, judge_a_slice, leaves_house=False, at_rebuild=kept, is_at_once=True)
    ask_where(JUDGE_AGAIN, Rejudging.objects.exists)
    daily(SWEEP, SWEEP_AT_HOUR, sweep)
    daily(PURGE, PURGE_AT_HOUR, purge)


def judge_a_slice(_task: Task, now: datetime) -> Outcome:
    """Judge one slice again (UTC `now`) and come back while there is more; doing so twice does no harm."""
    carry_out_a_slice(now)
    return Outcome(again_at=now if Rejudging.objects.exists() else None)


def sweep(_day: date, now: datetime) -> Outcome:
    """Take out of the feed what has expired by `now` (UTC), a slice at a time: nobody waits for the whole of it."""
    while sweep_feed(now, SLICE):
        pass
    return Outcome()


def purge(_day: date, now: datetime) -> Outcome:
    """Delete what strangers sent and nobody vouched for, after its days (UTC `now`)."""
    purge_unauthentic(now)
    return Outcome()
