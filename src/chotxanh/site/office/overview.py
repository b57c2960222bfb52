"""The office's first page: alarms, then how many things wait for a decision; every number leads to its list.

It is for leads; whoever else comes into the office is led on to what is theirs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.forms.redirects import SeeOther
from chotxanh.language.formats import show_number
from chotxanh.language.texts import text
from chotxanh.ledger.doubtful_boots import doubtful_boots
from chotxanh.ledger.gaps import count_missing
from chotxanh.ledger.held import count_held
from chotxanh.ledger.invalid import count_alarms, rejected_entries, set_aside
from chotxanh.ledger.server_clock import MOST_BEHIND, behind_by
from chotxanh.ledger.unconfirmed import unconfirmed_words
from chotxanh.ledger.worker.backlog import Backlog, backlog
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.lists import waiting_corrections
from chotxanh.results.disputes import disputed
from chotxanh.results.followups.lists import open_calls
from chotxanh.site.office.device_lines import led_devices
from chotxanh.site.office.door import for_members, led_by, said
from chotxanh.site.office.entering import first_page
from chotxanh.site.office.registers.steps import first_steps


@dataclass(frozen=True)
class Counted:
    """One number with its list; an alarm is raised above zero, `more` says what is not in the number."""

    name: str
    address: str
    count: int
    is_alarm: bool = False
    more: str = ""

    @property
    def title(self) -> str:
        """What is counted."""
        return text(f"office.{self.name}")

    @property
    def about(self) -> str:
        """What it means."""
        return text(f"office.{self.name}_about")

    @property
    def is_raised(self) -> bool:
        """Whether it must be seen first."""
        return self.is_alarm and self.count > 0


@require_safe
@for_members
def overview(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the number first; zero means there is nothing to do. It asks as often for a thousand as for one."""
    now = timezone.now()
    led = led_by(member)
    if not led.grants:
        return SeeOther(first_page(member, reverse("office"), now))
    work = backlog(now)
    context = {
        "page": "overview",
        "member": member,
        "said": said(request),
        "as_of": now,
        "behind_since": work.behind_since,
        "clock_behind": _clock_behind(now),
        "steps": first_steps(),
        "counts": _counts(member, led, work, now),
    }
    return render(request, "office/overview.html", context)


def _clock_behind(now: datetime) -> str:
    """Return by how many seconds this server's clock is behind what it wrote last; empty where that is no harm."""
    behind = behind_by(now)
    return show_number(behind // timedelta(seconds=1)) if behind > MOST_BEHIND else ""


def _counts(member: Member, led: Led, work: Backlog, now: datetime) -> list[Counted]:
    devices = led_devices(member)
    held = count_held(led)
    waiting = held.waiting_for_shift
    more = text("office.held_more", count=show_number(waiting)) if waiting else ""
    never = rejected_entries(devices).count() + set_aside(devices).count()
    return [
        Counted("alarms", f"{reverse('office_invalid')}#alarms", count_alarms(devices), is_alarm=True),
        Counted("calls", reverse("office_calls"), open_calls(led).count()),
        Counted("held", reverse("office_held"), held.to_decide, more=more),
        Counted("disputed", reverse("office_disputed"), disputed(led).count()),
        Counted("corrections", reverse("office_corrections"), waiting_corrections(led).count()),
        Counted("words", reverse("office_words"), unconfirmed_words(led, member).count()),
        Counted("gaps", reverse("office_gaps"), count_missing(devices)),
        Counted("clocks", reverse("office_clocks"), doubtful_boots(devices, now).count()),
        Counted("invalid", reverse("office_invalid"), never),
        Counted("errands", reverse("office_errands"), work.paused + work.given_up),
    ]
