"""What was sent and never counts: first alarms about numbers used twice, then wrong contents, then what is unproven."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.texts import text
from chotxanh.ledger import invalid as ledger
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.device_lines import DeviceLine, device_lines, led_devices
from chotxanh.site.office.door import by_a_press, for_leads, said, say_next
from chotxanh.site.office.held import kind_word
from chotxanh.site.office.names import NOBODY, Officer, officers_named
from chotxanh.site.office.paging import page_of


@dataclass(frozen=True)
class AlarmLine:
    """One device that signed a number twice."""

    device: DeviceLine
    what: tuple[str, ...]
    is_new: bool
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class RejectedLine:
    """What one officer recorded on one device that was signed rightly and cannot be, for one reason."""

    kind: str
    officer: Officer
    device: DeviceLine
    problem: str
    count: int
    first_at: datetime
    last_at: datetime


@require_safe
@for_leads
def invalid(request: HttpRequest, member: Member) -> HttpResponse:
    """Show alarms with what to do, then what was rejected and what was set aside, like with like."""
    devices = led_devices(member)
    alarms = page_of(request, ledger.alarmed_devices(devices), "alarms")
    rejected = page_of(request, ledger.rejected_together(devices), "rejected")
    aside = list(ledger.aside_together(devices))
    context = {
        "page": "invalid",
        "member": member,
        "said": said(request),
        "alarms": alarms,
        "alarm_lines": _alarm_lines(list(alarms.object_list)),
        "rejected": rejected,
        "rejected_count": ledger.rejected_entries(devices).count(),
        "rejected_lines": _rejected_lines(list(rejected.object_list)),
        "aside": aside,
        "aside_count": sum(row["count"] for row in aside),
    }
    return render(request, "office/invalid.html", context)


@by_a_press("office_invalid")
@for_leads
def look_into_alarm(request: HttpRequest, member: Member, device: UUID) -> HttpResponse:
    """Note that the alarms of a device that the page showed were looked into: they are counted no longer.

    Raises Problem: `request_unreadable` where the form does not say which; `entry_unknown`, `not_allowed`.
    """
    try:
        last_at = datetime.fromisoformat(request.POST.get("last_at", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem("request_unreadable") from None
    if not ledger.note_looked_into(
        ledger.Look(device, last_at, member.id, timezone.now()), led_devices(member)
    ):
        raise Problem("entry_unknown")
    say_next(request, "office.alarm_looked_into")
    return see_other("office_invalid")


def _alarm_lines(rows: list[dict[str, Any]]) -> list[AlarmLine]:
    alarms = ledger.alarms_of(rows)
    devices = device_lines({alarm.device for alarm in alarms})
    return [
        AlarmLine(
            device=devices[alarm.device],
            what=tuple(text(f"office.alarm.{problem}", count=count) for problem, count in alarm.problems),
            is_new=alarm.new > 0,
            first_at=alarm.first_at,
            last_at=alarm.last_at,
        )
        for alarm in alarms
    ]


def _rejected_lines(rows: list[dict[str, Any]]) -> list[RejectedLine]:
    devices = device_lines({row["device"] for row in rows})
    officers = officers_named(row["actor"] for row in rows)
    return [
        RejectedLine(
            kind=kind_word(row["kind"]),
            officer=officers.get(row["actor"], NOBODY),
            device=devices[row["device"]],
            problem=row["problem"],
            count=row["count"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in rows
    ]
