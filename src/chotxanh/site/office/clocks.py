"""Devices whose clock was in doubt: a lead settles each run of it once, for everything that was recorded in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Moment
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_number, show_time
from chotxanh.language.texts import text
from chotxanh.ledger.doubtful_boots import DoubtfulBoot, doubtful_boot, doubtful_boots, settle_clock
from chotxanh.ledger.entries import ClockReason
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.call_rows import words_for
from chotxanh.site.office.device_lines import DeviceLine, device_lines, led_devices
from chotxanh.site.office.door import for_leads, said, say_next
from chotxanh.site.office.paging import page_of

REASONS: tuple[str, ...] = get_args(ClockReason)
NO_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class BootLine:
    """One run of a device's counter: how much was recorded in it, from when to when as the device says."""

    device: DeviceLine
    log: UUID
    boot: UUID
    count: int
    began: datetime
    ended: datetime


class ClockForm(Form):
    """What time it really was when the last entry of a run was written, and how that is known."""

    texts = "office"
    blames = {"time_out_of_bounds": "true_time"}

    true_time = Moment(missing="time_invalid")
    clock_reason = Choice(options=REASONS, missing="choice_missing")


@require_safe
@for_leads
def clocks(request: HttpRequest, member: Member) -> HttpResponse:
    """Page over the runs of the last weeks whose time is in doubt, the last first."""
    shown = page_of(request, doubtful_boots(led_devices(member), timezone.now()))
    rows = list(shown.object_list)
    devices = device_lines({row["device"] for row in rows})
    context = {
        "page": "overview",
        "member": member,
        "said": said(request),
        "shown": shown,
        "lines": [
            BootLine(
                device=devices[row["device"]],
                log=row["log"],
                boot=row["unsettled_boot"],
                count=row["count"],
                began=row["began"],
                ended=row["ended"],
            )
            for row in rows
        ],
    }
    return render(request, "office/clocks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def settle(request: HttpRequest, member: Member, log: UUID, boot: UUID) -> HttpResponse:
    """Ask what time it really was, and record it for the whole run."""
    found = doubtful_boot(log, boot, led_devices(member))
    if found is None:
        raise Http404
    form = _form(request, found)
    if form.is_valid():
        typed = form.cleaned_data
        with form.blaming():
            settle_clock(found, typed["true_time"], typed["clock_reason"], member, timezone.now())
            say_next(request, "office.clock_settled", count=show_number(found.count))
            return see_other("office_clocks")
    context = {
        "page": "overview",
        "member": member,
        "device": device_lines([found.last.device])[found.last.device],
        "boot": found,
        "skew": _skew_words(found.skew),
        "form": form,
    }
    return render(request, "office/clock.html", context, status=form.status)


def _form(request: HttpRequest, boot: DoubtfulBoot) -> ClockForm:
    is_measured = boot.skew is not None
    initial = {"true_time": show_time(boot.likely_at), "clock_reason": REASONS[0] if is_measured else ""}
    form = ClockForm(request.POST if request.method == "POST" else None, initial=initial)
    earliest = boot.last.earliest_at or boot.last.received_at
    form.fill_hint("true_time", earliest=show_time(earliest), latest=show_time(boot.last.received_at))
    return form


def _skew_words(skew: timedelta | None) -> str:
    """Return by how much the device was measured to be wrong."""
    if skew is None:
        return text("office.skew_unknown")
    if abs(skew) < NO_SKEW:
        return text("office.skew_none")
    return text(
        "office.skew_ahead" if skew > timedelta() else "office.skew_behind", length=words_for(abs(skew))
    )
