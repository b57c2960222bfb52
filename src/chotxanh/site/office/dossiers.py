"""The drafts of both dossiers, for leads of the whole province and the data protection officer: read and printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.registers.staff.models import Member
from chotxanh.site.dossiers import DOSSIERS
from chotxanh.site.office.door import for_protectors, leads


@require_safe
@for_protectors
def dossier(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """Show one draft. Raises Problem("not_allowed") for leads of a part."""
    if name not in DOSSIERS:
        raise Http404
    context = {
        "page": "registers",
        "member": member,
        "is_lead": leads(member),
        "title": f"dossier.{name}",
        "about": f"dossier.{name}_about",
        "sections": DOSSIERS[name](timezone.now()),
    }
    return render(request, "office/dossier.html", context)
