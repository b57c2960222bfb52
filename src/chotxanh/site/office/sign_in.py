"""Signing in at the office and out of it."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.forms.fields import Secret, Text
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.registers.staff.accounts import check_demonstration
from chotxanh.registers.staff.passwords import check_password
from chotxanh.site.office.door import LOST, by_a_press, office_headers, office_page, warn_next
from chotxanh.site.office.entering import come_in
from chotxanh.site.office.known_browsers import asker_of

SIGN_IN_PROBLEMS = (
    "sign_in_wrong",
    "sign_in_too_often",
    "sign_in_busy",
    "demonstration_over",
    "password_over",
    "password_is_scan",
    "not_allowed",
)


class SignInForm(Form):
    """Name and password; what is wrong is told beside the name, without saying which of the two it is."""

    texts = "office"
    blames = dict.fromkeys(SIGN_IN_PROBLEMS, "username")

    username = Text(
        longest=150,
        size="short",
        attributes={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = Secret(size="short", attributes={"autocomplete": "current-password"})


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; guesses are slowed down where passwords are checked."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    following = office_page(request.POST.get("next") or request.GET.get("next") or "")
    is_lost = LOST in request.POST or LOST in request.GET
    if form.is_valid():
        now = timezone.now()
        username = form.cleaned_data["username"]
        with form.blaming():
            asker = asker_of(request, username)
            member = check_password(username, form.cleaned_data["password"], asker, now)
            check_demonstration(member)
            if member.has_new_password:
                warn_next(request, "registers.password_is_new")
                return office_headers(see_other("office_password"))
            return come_in(request, member, following, now, is_lost=is_lost)
    context = {"form": form, "next": following, "is_lost": is_lost}
    return office_headers(render(request, "office/sign_in.html", context, status=form.status))


@by_a_press("office")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the office on this browser."""
    logout(request)
    return see_other("office_sign_in")
