"""Incidents of personal data: what happened, and how long there is to tell the authority."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chotxanh.domain.kinds import PROTECTORS
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Select
from chotxanh.forms.fields import Moment, Number, Text
from chotxanh.forms.form import Form
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.incidents.entries import (
    IncidentFollowed,
    IncidentKind,
    IncidentRecorded,
    Step,
    due_at,
)
from chotxanh.registers.incidents.models import Incident
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import Kept, Register, Row, Said, Typed, number_of, record_all

ONE_HOUR = timedelta(hours=1)


class IncidentForm(Form):
    """What happened, when it was noticed, and of about how many people."""

    texts = "registers"
    blames = {"time_out_of_range": "noticed_at"}

    incident_what = Select(options=[each.value for each in IncidentKind], choose="registers.choose")
    noticed_at = Moment()
    incident_people = Number(most=100_000_000)
    incident_document = Text(longest=100, is_optional=True)


def kept(_now: datetime, _led: Led) -> Kept:
    """Return what is open, the longest noticed first; and what was closed."""
    incidents = Incident.objects.order_by("noticed_at", "id")
    return Kept(incidents.filter(closed_at=None), incidents.filter(closed_at__isnull=False).reverse())


def draw(incidents: Sequence[Incident], now: datetime) -> list[Row]:
    """Draw incidents, each with its clock."""
    return [_row(each, now) for each in incidents]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Record an incident; it was noticed by now. Raises Problem("time_out_of_range")."""
    if typed["noticed_at"] > now:
        raise Problem("time_out_of_range")
    incident = IncidentRecorded(
        IncidentKind(typed["incident_what"]),
        typed["incident_people"],
        typed["noticed_at"],
        typed["incident_document"],
    )
    record_all([incident], member, now)
    return Said("registers.incident_added", {"due": show_time(incident.noticed_at + 72 * ONE_HOUR)})


def _step(step: Step) -> Callable[[str, Member, datetime], Said]:
    def carry_out(id: str, member: Member, now: datetime) -> Said:
        record_all([IncidentFollowed(number_of(id), step, now)], member, now)
        return Said(f"registers.incident_{step}")

    return carry_out


def _row(incident: Incident, now: datetime) -> Row:
    done = {Step.REPORTED: incident.reported_at, Step.TOLD: incident.told_at, Step.CLOSED: incident.closed_at}
    cells = (
        show_time(incident.noticed_at),
        _clock(incident, now),
        str(incident.people),
        show_time(incident.told_at) if incident.told_at else "",
        incident.document,
    )
    acts = tuple(f"incident_{step}" for step, at in done.items() if at is None and not incident.closed_at)
    return Row(str(incident.id), text(f"registers.incident_what.{incident.what}"), cells, acts)


def _clock(incident: Incident, now: datetime) -> str:
    """Return how long there is to tell the authority, or when it was."""
    due = due_at(incident)
    if incident.reported_at:
        key = "registers.clock_told" if incident.reported_at <= due else "registers.clock_told_late"
        return text(key, at=show_time(incident.reported_at))
    hours = (due - now) // ONE_HOUR
    if now > due:
        return text("registers.clock_over", hours=-hours, due=show_time(due))
    return text("registers.clock_left", hours=hours, due=show_time(due))


REGISTER = Register(
    "incidents",
    IncidentForm,
    (
        "registers.noticed_at",
        "registers.clock",
        "registers.incident_people",
        "registers.incident_told_at",
        "registers.incident_document",
    ),
    kept,
    draw,
    add,
    {f"incident_{step}": _step(step) for step in Step},
    readers=PROTECTORS,
    writers=PROTECTORS,
)
