"""Corrections of positives, for whoever may be the second account: what waits, and signing one."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.texts import problem_sentence
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.lists import correction_of, countersign, refusal_of, waiting_corrections
from chotxanh.site.office.correction_rows import correction_views
from chotxanh.site.office.door import for_signers, leads, reached_by_signer, said, say_next
from chotxanh.site.office.paging import page_of

PAGE = 20


@require_safe
@for_signers
def corrections(request: HttpRequest, member: Member) -> HttpResponse:
    """List the corrections that wait for a second account, a page at a time; names are masked."""
    shown = page_of(request, waiting_corrections(reached_by_signer(member)), size=PAGE)
    context = {
        "page": "corrections",
        "member": member,
        "is_lead": leads(member),
        "said": said(request),
        "shown": shown,
        "views": correction_views(list(shown.object_list), masked=True),
    }
    return render(request, "office/corrections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_signers
def sign_correction(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Show one correction with its reason; record the second account's signature, or say why it is none.

    Raises Problem: `entry_unknown`, `not_allowed`.
    """
    reached = reached_by_signer(member)
    correction = correction_of(entry, reached)
    refusal = refusal_of(correction, member)
    view = correction_views([correction], masked=True)[0]
    if request.method == "POST" and refusal is None:
        try:
            countersign(entry, reached, member, timezone.now())
            say_next(request, "corrections.done", tube=view.barcode)
            return see_other("office_corrections")
        except Problem as problem:
            refusal = problem.code
    context = {
        "page": "corrections",
        "member": member,
        "is_lead": leads(member),
        "view": view,
        "problem": problem_sentence(refusal) if refusal else "",
    }
    is_refused = request.method == "POST"
    return render(
        request,
        "office/sign_correction.html",
        context,
        status=HTTPStatus.CONFLICT if is_refused else None,
    )
