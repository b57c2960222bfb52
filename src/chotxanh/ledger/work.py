"""What the worker does for the ledger: judging again whose authority changed, slice by slice."""

from datetime import datetime

from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.models import Rejudging
from chotxanh.ledger.rejudging import carry_out_a_slice
from chotxanh.ledger.worker.registry import Outcome, Task, errand


def register_work() -> None:
    """Declare the ledger's own errand."""
    errand(JUDGE_AGAIN, judge_a_slice, leaves_house=False)


def judge_a_slice(_task: Task, now: datetime) -> Outcome:
    """Judge one slice again (UTC `now`) and come back while there is more; doing so twice does no harm."""
    carry_out_a_slice(now)
    return Outcome(again_at=now if Rejudging.objects.exists() else None)
