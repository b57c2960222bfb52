"""The page on which members of staff choose their own password, in place of one that somebody else has seen."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.beside.office_sessions import end_office_sessions
from chotxanh.domain.kinds import LEADS
from chotxanh.domain.problems import Problem
from chotxanh.domain.typed_passwords import as_on_any_keyboard, read_password
from chotxanh.forms.fields import Secret, Text
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.staff.accounts import check_choice, check_demonstration, set_own_password
from chotxanh.registers.staff.grants import grants_for, is_in_force
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.passwords import check_password
from chotxanh.registers.staff.second_factor import check_second_code, second_factor_of
from chotxanh.site.office.door import office_headers, said, say_next
from chotxanh.site.office.known_browsers import asker_of, remember_browser
from chotxanh.site.office.second_step import CODE_ATTRIBUTES, LONGEST_CODE

NEW = {"autocomplete": "new-password"}
IS_LEAD = "is_lead"  # where a session keeps which way its next page leads on


class OwnPasswordForm(Form):
    """The name, the password so far, and the new one twice; of who has an authenticator a code of it."""

    texts = "registers"
    blames = {
        "sign_in_wrong": "old_password",
        "sign_in_too_often": "old_password",
        "sign_in_busy": "old_password",
        "password_over": "old_password",
        "password_is_scan": "old_password",
        "second_code_missing": "second_code",
        "second_code_wrong": "second_code",
        "second_code_too_often": "second_code",
        "demonstration_over": "username",
        "password_weak": "new_password",
        "password_differs": "new_password_again",
    }

    username = Text(
        longest=150,
        size="short",
        label="office.username",
        attributes={"autocomplete": "username", "autocapitalize": "none"},
    )
    old_password = Secret(size="short", attributes={"autocomplete": "current-password"})
    new_password = Secret(size="short", parse=read_password, attributes=NEW)
    new_password_again = Secret(size="short", parse=as_on_any_keyboard, attributes=NEW)
    second_code = Text(
        is_optional=True,  # shown to everybody: the form tells of no account whether it has one
        names_condition=True,
        longest=LONGEST_CODE,
        size="short",
        label="registers.password_second",
        attributes=CODE_ATTRIBUTES,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password, with a code where there is an authenticator; every session under the old one ends."""
    form = OwnPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed, now = form.cleaned_data, timezone.now()
        with form.blaming():
            if typed["new_password"] != typed["new_password_again"]:
                raise Problem("password_differs")
            asker = asker_of(request, typed["username"])
            member = check_password(typed["username"], typed["old_password"], asker, now)
            check_demonstration(member)
            if typed["new_password"] == as_on_any_keyboard(typed["old_password"]):
                raise Problem("password_weak")
            check_choice(member, typed["new_password"])  # before a code is spent on it
            _check_second(member, typed["second_code"], now)
            set_own_password(member, typed["new_password"])
            end_sessions_of(member, now)
            end_office_sessions(member.id)
            request.session.flush()
            say_next(request, "registers.password_chosen")
            request.session[IS_LEAD] = any(is_in_force(grant, now) for grant in grants_for(member, LEADS))
            response = see_other("office_password")
            remember_browser(request, response, typed["username"])
            return office_headers(response)
    context = {"form": form, "said": said(request), "is_lead": request.session.pop(IS_LEAD, False)}
    return office_headers(render(request, "office/own_password.html", context, status=form.status))


def _check_second(member: Member, code: str, now: datetime) -> None:
    """Ask for a code where there is an authenticator: a stolen password alone must neither change it nor end anything.

    Raises Problem: `second_code_missing`, `second_code_wrong`, `second_code_too_often`.
    """
    if second_factor_of(member.id) is None:
        return
    if not code:
        raise Problem("second_code_missing")
    check_second_code(member, code, now)
