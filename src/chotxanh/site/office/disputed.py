"""The list of disputed tubes: why, where, since when; each leads to its own page, where a lead decides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chotxanh.registers.staff.models import Member
from chotxanh.results import disputes
from chotxanh.site.office.door import for_leads, led_by, said
from chotxanh.site.office.names import reason_words
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.tube_pages import tube_lines


@require_safe
@for_leads
def disputed(request: HttpRequest, member: Member) -> HttpResponse:
    """List the tubes a page at a time, all of them or those disputed for one reason."""
    led = led_by(member)
    counts = disputes.count_by_reason(led)
    reason = request.GET.get("reason", "")
    chosen = reason if reason in counts else ""
    shown = page_of(request, disputes.disputed(led, chosen))
    tubes = disputes.recorded_tubes([key for key, _ in shown.object_list])
    context = {
        "page": "disputed",
        "member": member,
        "said": said(request),
        "reasons": list(zip(counts, reason_words(counts), counts.values(), strict=True)),
        "chosen": chosen,
        "also": f"reason={chosen}" if chosen else "",
        "shown": shown,
        "tubes": tube_lines(tubes),
    }
    return render(request, "office/disputed.html", context)
