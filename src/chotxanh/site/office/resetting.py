"""Another's authenticator is forgotten, for a reason that is recorded: its owner sets one up anew."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.registers.staff.entries import ResetFor, SecondFactorReset
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import forget_second_factor, second_factor_of
from chotxanh.site.office.door import for_leads, say_next
from chotxanh.site.office.registers.register import leads_province, record_all
from chotxanh.site.office.registers.staff import sign_out_everywhere


class ResetForm(Form):
    """Why the authenticator is forgotten."""

    texts = "account"

    reset_for = Choice(options=[each.value for each in ResetFor], missing="choice_missing")


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def reset_second(request: HttpRequest, member: Member, whose: UUID) -> HttpResponse:
    """Ask why, then forget somebody else's authenticator and end their sessions.

    Raises Problem: `not_allowed` for leads of a part and for one's own, `entry_unknown`.
    """
    now = timezone.now()
    if not leads_province(member, now) or whose == member.id:
        raise Problem("not_allowed")
    found = Member.objects.filter(id=whose).first()
    if found is None or second_factor_of(found.id) is None:
        raise Problem("entry_unknown")
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reset = SecondFactorReset(found.id, ResetFor(form.cleaned_data["reset_for"]))
        record_all([reset], member, now, and_then=partial(forget_second_factor, found.id))
        sign_out_everywhere(found, now)
        say_next(request, "account.second_reset", name=found.full_name)
        return see_other("office_register", name="staff")
    context = {"page": "registers", "member": member, "whose": found, "form": form}
    return render(request, "office/reset_second.html", context, status=form.status)
