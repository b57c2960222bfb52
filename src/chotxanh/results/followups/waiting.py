"""What only the clock says: a call that nobody made in time, a tube that has no result when one is due."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from chotxanh.domain.marks import Mark
from chotxanh.ledger.worker.registry import Outcome, Task, daily, errand
from chotxanh.results.followups.calls import CALL_WITHIN, UNANSWERED
from chotxanh.results.followups.models import Call, Contact, Escalation, OverdueTube
from chotxanh.results.followups.payloads import TOLD, Reason
from chotxanh.results.models import TubeResult
from chotxanh.specimens.models import Tube
from chotxanh.specimens.tubes import OVERDUE
from chotxanh.storage.rows import Table, add_missing

TIDY = "followups.tidy"
TIDY_AT_HOUR = 3


class _EscalationRow(NamedTuple):
    key: str
    escalated_at: datetime


class _OverdueRow(NamedTuple):
    tube: str
    facility: str
    site: str
    sampled_at: datetime


_ESCALATIONS = Table(Escalation, _EscalationRow)
_OVERDUE = Table(OverdueTube, _OverdueRow)


def register_work() -> None:
    """Declare what the worker does for follow-ups. All of it stays in the house."""
    errand(UNANSWERED, escalate, leaves_house=False)
    errand(OVERDUE, note_overdue, leaves_house=False)
    daily(TIDY, TIDY_AT_HOUR, lambda _day, _now: Outcome(tidy))


def escalate(task: Task, now: datetime) -> Outcome:
    """Hand a call that nobody made within CALL_WITHIN to the CDC's duty officer; each attempt gives as long again."""
    call = Call.objects.filter(key=task.key, closed_at=None).first()
    if call is None or Escalation.objects.filter(key=task.key).exists():
        return Outcome()
    due_at = max(call.known_at, call.last_called_at or call.known_at) + CALL_WITHIN
    if now < due_at:
        return Outcome(again_at=due_at)
    return Outcome(lambda: _insert_escalation(_EscalationRow(task.key, now)))


def note_overdue(task: Task, _now: datetime) -> Outcome:
    """Say that a tube has no result although one is due."""
    tube = Tube.objects.filter(key=task.key).first()
    if tube is None or TubeResult.objects.filter(tube=task.key).exists():
        return Outcome()
    row = _OverdueRow(tube.key, tube.facility, tube.site, tube.sampled_at)
    return Outcome(lambda: _insert_overdue(row))


def overdue_tubes() -> QuerySet[OverdueTube]:
    """Return the tubes that are overdue still: without a result, and nobody noted that their people know."""
    return _without_result().filter(~Exists(_told()))


def told_tubes(since: datetime) -> "QuerySet[Any]":
    """Return the tubes still without a result whose people were told after `since` (UTC), with `told_at`."""
    told_at = Subquery(_told().order_by("-contacted_at").values("contacted_at")[:1])
    return _without_result().annotate(told_at=told_at).filter(told_at__gt=since)


def contacts_about_tubes() -> "QuerySet[Any]":
    """Return what was noted about overdue tubes and not taken back."""
    without_effect = int(Mark.WITHDRAWN | Mark.AUTHORITY_ENDED)
    noted = Contact.objects.annotate(removed=F("marks").bitand(without_effect))
    return noted.filter(reason=Reason.OVERDUE, removed=0)


def tidy() -> None:
    """Forget what is over."""
    open_calls = Call.objects.filter(key=OuterRef("key"), closed_at=None)
    Escalation.objects.filter(~Exists(open_calls)).delete()
    resulted = TubeResult.objects.filter(tube=OuterRef("tube"))
    OverdueTube.objects.filter(Exists(resulted)).delete()


def _without_result() -> QuerySet[OverdueTube]:
    return OverdueTube.objects.filter(~Exists(TubeResult.objects.filter(tube=OuterRef("tube"))))


def _told() -> "QuerySet[Any]":
    return contacts_about_tubes().filter(tube=OuterRef("tube"), outcome__in=TOLD)


def _insert_escalation(row: _EscalationRow) -> None:
    add_missing(_ESCALATIONS, [row])


def _insert_overdue(row: _OverdueRow) -> None:
    add_missing(_OVERDUE, [row])
