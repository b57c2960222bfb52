"""Running numbers that never arrived: which device must be opened so that it sends the rest."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chotxanh.domain.gaps import Range
from chotxanh.ledger.gaps import count_missing, logs_with_gaps
from chotxanh.ledger.models import Log
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.device_lines import DeviceLine, device_lines, led_devices
from chotxanh.site.office.door import for_leads
from chotxanh.site.office.paging import page_of

MOST_RANGES = 20


@dataclass(frozen=True)
class GapLine:
    """The numbers missing from one log of a device: the first ranges, and how many ranges more there are."""

    device: DeviceLine
    missing: int
    ranges: tuple[Range, ...]
    more: int


@require_safe
@for_leads
def missing(request: HttpRequest, member: Member) -> HttpResponse:
    """Page over the logs from which running numbers are missing, those that miss most first."""
    devices = led_devices(member)
    shown = page_of(request, logs_with_gaps(devices))
    context = {
        "page": "gaps",
        "member": member,
        "count": count_missing(devices),
        "shown": shown,
        "lines": _lines(list(shown.object_list)),
    }
    return render(request, "office/gaps.html", context)


def _lines(logs: list[Log]) -> list[GapLine]:
    devices = device_lines({log.device for log in logs})
    return [
        GapLine(
            device=devices[log.device],
            missing=log.missing,
            ranges=tuple((first, last) for first, last in log.gaps[:MOST_RANGES]),
            more=max(len(log.gaps) - MOST_RANGES, 0),
        )
        for log in logs
    ]
