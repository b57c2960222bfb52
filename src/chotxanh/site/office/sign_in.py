"""Signing in at the office and out of it."""

from http import HTTPStatus

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.problems import Problem
from chotxanh.language.texts import problem_sentence
from chotxanh.registers.devices.sessions import check_password
from chotxanh.registers.staff.access import member_with_role
from chotxanh.site.office.access import office_headers

HOME = "/office/"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open the office to a lead; guesses are slowed down where passwords are checked."""
    username, mistake, status = "", "", HTTPStatus.OK
    following = _following(request)
    if request.method == "POST":
        username = request.POST.get("username", "").strip()
        now = timezone.now()
        try:
            member = check_password(username, request.POST.get("password", ""), now)
            login(request, member_with_role(member, LEADS, now))
            return redirect(following)
        except Problem as problem:
            mistake, status = problem_sentence(problem.code, **problem.params), problem.status
    context = {"username": username, "mistake": mistake, "next": following}
    return office_headers(render(request, "office/sign_in.html", context, status=status))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the office on this browser."""
    logout(request)
    return redirect("/office/sign-in")


def _following(request: HttpRequest) -> str:
    """The office page that was asked for; never another place."""
    address = request.POST.get("next") or request.GET.get("next") or HOME
    is_ours = address.startswith(HOME) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else HOME
