"""The second step of signing in: a code of one's authenticator; before there is one, the page that begins it."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from chotxanh.forms.fields import Text
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.keys.one_time_codes import enrolment_address, new_secret
from chotxanh.language.texts import text
from chotxanh.pictures.drawing import qr_svg
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import (
    begin_second_factor,
    check_second_code,
    second_factor_of,
)
from chotxanh.site.context import PRODUCT
from chotxanh.site.office.door import office_headers
from chotxanh.site.office.entering import BEGUN, Way, half_way, open_office
from chotxanh.site.office.kept_codes import keep_codes

LONGEST_CODE = 20
BLAMES = dict.fromkeys(("second_code_wrong", "second_code_too_often"), "second_code")


CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "autocapitalize": "characters",
    "spellcheck": "false",
}


class SecondStepForm(Form):
    """One code."""

    texts = "account"
    blames = BLAMES

    second_code = Text(
        longest=LONGEST_CODE,
        size="short",
        attributes=CODE_ATTRIBUTES,
    )


class BeginForm(Form):
    """The first code that the new authenticator shows."""

    texts = "account"
    blames = BLAMES

    second_code = Text(
        longest=LONGEST_CODE,
        size="short",
        label="account.first_code",
        attributes={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask who typed the right password for a code; guesses are counted by account."""
    now = timezone.now()
    found = half_way(request, now)
    if found is None:
        return office_headers(see_other("office" if request.user.is_authenticated else "office_sign_in"))
    member, way = found
    if second_factor_of(member.id) is None:
        return _begin(request, member, way, now)
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.blaming():
            check_second_code(member, form.cleaned_data["second_code"], now)
            return open_office(request, member, way, now)
    return office_headers(render(request, "office/second_step.html", {"form": form}, status=form.status))


def _begin(request: HttpRequest, member: Member, way: Way, now: datetime) -> HttpResponse:
    """Show a secret to be taken into an authenticator, and go on with the first code that it shows."""
    secret = request.session.get(BEGUN) or new_secret()
    request.session[BEGUN] = secret
    form = BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.blaming():
            codes = begin_second_factor(member, secret, form.cleaned_data["second_code"], now)
            del request.session[BEGUN]
            open_office(request, member, way, now)
            return keep_codes(request, codes, way.following)
    address = enrolment_address(secret, member.username, f"{PRODUCT} {settings.ISSUER_CODE}")
    context = {
        "form": form,
        "picture": mark_safe(qr_svg(address, label=text("account.second_picture"), error_correction="M")),  # noqa: S308
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    return office_headers(render(request, "office/begin_second.html", context, status=form.status))
