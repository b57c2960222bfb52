"""Notes whose deeds must be judged again because authority changed; `rejudging.py` carries it out."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.ledger.models import Rejudging
from chotxanh.storage.rows import Table, upsert

JUDGE_AGAIN = "judge_again"


class _Job(NamedTuple):
    key: str
    after: UUID | None
    asked_at: datetime


_JOBS = Table(Rejudging, _Job)


def ask_to_judge_again(changed: Iterable[tuple[str, str]], now: datetime) -> None:
    """Note whose deeds must be judged again, from the first on, even if that was under way (UTC `now`)."""
    upsert(_JOBS, [_Job(f"{what}/{key}", None, now) for what, key in sorted(changed)])
