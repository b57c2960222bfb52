"""The office's first page: how many things wait for a decision, and the list of what is missing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.ledger.queries import gaps, held_entries, set_aside_entries
from chotxanh.ledger.worker.standing import standing
from chotxanh.registers.staff.models import Member
from chotxanh.results.followups.lists import open_calls
from chotxanh.results.queries import disputed_tubes
from chotxanh.site.office.door import for_leads, led_facilities, said
from chotxanh.site.office.registers.steps import first_steps


@require_safe
@for_leads
def overview(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the number first; zero means there is nothing to do."""
    now = timezone.now()
    work = standing(now)
    counts = [
        ("calls", reverse("office_calls"), open_calls(led_facilities(member)).count()),
        ("held", reverse("office_held"), len(held_entries())),
        ("disputed", reverse("office_disputed"), len(disputed_tubes(led_facilities(member)))),
        ("gaps", reverse("office_gaps"), sum(gap.last - gap.first + 1 for gap in gaps())),
        ("aside", f"{reverse('office_gaps')}#aside", len(set_aside_entries())),
        ("errands", reverse("office_errands"), work.paused + work.given_up),
    ]
    context = {
        "page": "overview",
        "member": member,
        "said": said(request),
        "as_of": now,
        "behind_since": work.behind_since,
        "steps": first_steps(),
        "counts": [
            {"title": f"office.{name}", "about": f"office.{name}_about", "address": address, "count": count}
            for name, address, count in counts
        ],
    }
    return render(request, "office/overview.html", context)


@require_safe
@for_leads
def missing(request: HttpRequest, member: Member) -> HttpResponse:
    """Show which running numbers never arrived, and what was set aside as forged or unreadable."""
    context = {
        "page": "gaps",
        "member": member,
        "gaps": [(gap, gap.last - gap.first + 1) for gap in gaps()],
        "aside": set_aside_entries(),
    }
    return render(request, "office/gaps.html", context)
