"""The drafts of both dossiers, for leads of the whole province: read, filled up and printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.domain.problems import Problem
from chotxanh.registers.staff.models import Member
from chotxanh.site.dossiers import DOSSIERS
from chotxanh.site.office.door import for_leads, led_by


@require_safe
@for_leads
def dossier(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """Show one draft. Raises Problem("not_allowed") for leads of a part."""
    if not led_by(member).is_province:
        raise Problem("not_allowed")
    if name not in DOSSIERS:
        raise Http404
    context = {
        "page": "registers",
        "member": member,
        "title": f"dossier.{name}",
        "about": f"dossier.{name}_about",
        "sections": DOSSIERS[name](timezone.now()),
    }
    return render(request, "office/dossier.html", context)
