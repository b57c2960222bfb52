"""Automatic work: what waits, what a rebuild paused, what was given up, and the two acts that set it going again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.problems import Problem
from chotxanh.language.texts import catalogue, problem_sentence, text
from chotxanh.ledger.worker.backlog import NamedCount, backlog, release_paused, try_again
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import for_leads, led_by, said, say_next


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def errands(request: HttpRequest, member: Member) -> HttpResponse:
    """Count automatic work by name; let what was paused or given up run. Raises Problem("not_allowed")."""
    is_for_province = led_by(member).is_province
    if request.method == "POST":
        if not is_for_province:
            raise Problem("not_allowed")
        _set_going(request)
        return redirect("office_errands")
    found = backlog(timezone.now())
    context = {
        "page": "errands",
        "member": member,
        "said": said(request),
        "backlog": found,
        "rows": [(each, _word(each.name), _reason(each)) for each in found.counts],
        "may_act": is_for_province,
    }
    return render(request, "office/errands.html", context)


def _set_going(request: HttpRequest) -> None:
    if request.POST.get("act") == "release":
        say_next(request, "office.errands_released", count=release_paused())
    else:
        say_next(request, "office.errands_begun_anew", count=try_again(timezone.now()))


def _word(name: str) -> str:
    key = f"office.errand.{name}"
    return text(key) if key in catalogue() else name


def _reason(counted: NamedCount) -> str:
    """Why the last one failed: a problem's sentence where there is one, else what the programmers call it."""
    is_known = f"problem.{counted.problem}" in catalogue()
    return problem_sentence(counted.problem) if is_known else counted.problem
