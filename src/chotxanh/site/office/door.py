"""The only way into the office: who may open a view by the roles it names, and a line said once after a deed.

Leads, physicians, signers of results and the data protection officer come in; every view says which of them it is for.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from chotxanh.domain.kinds import LEADS, PHYSICIANS, PROTECTORS, Role
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import SIGNERS
from chotxanh.forms.redirects import SeeOther, see_other
from chotxanh.language.texts import text
from chotxanh.registers.staff.grants import grants_for, has_role, member_with_role
from chotxanh.registers.staff.leading import Led, led_with
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import is_asked_of
from chotxanh.site.office.pressed import note_pressed, pressed_again

OPENS_OFFICE = PROTECTORS | PHYSICIANS | SIGNERS
SAID, WARNED = "said", "warned"
ALONE = "alone"  # where a session keeps that its member was asked for nothing but a password
LOST = "lost"  # the sign-in page's word for: what was pressed came too late and was not recorded

Arguments = ParamSpec("Arguments")
LeadView = Callable[Concatenate[HttpRequest, Member, Arguments], HttpResponse]
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def for_leads(view: LeadView[Arguments]) -> View[Arguments]:
    """Give a view its lead, or send the visitor to sign in. Raises Problem("not_allowed") for any other member."""
    return _guarded(view, LEADS)


def for_physicians(view: LeadView[Arguments]) -> View[Arguments]:
    """Give a view its physician of the CDC, or send the visitor to sign in. Raises Problem("not_allowed").

    A grant that reaches a part of the province ends no follow-up, and shows nobody.
    """

    @wraps(view)
    def of_province(
        request: HttpRequest, member: Member, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if not led_with(grants_for(member, PHYSICIANS), timezone.now()).is_province:
            raise Problem("not_allowed")
        return view(request, member, *args, **kwargs)

    return _guarded(of_province, PHYSICIANS)


def for_signers(view: LeadView[Arguments]) -> View[Arguments]:
    """Give a view whoever may sign results, or send the visitor to sign in. Raises Problem("not_allowed")."""
    return _guarded(view, SIGNERS)


def for_protectors(view: LeadView[Arguments]) -> View[Arguments]:
    """Give a view the data protection officer, or a lead of the whole province. Raises Problem("not_allowed")."""

    @wraps(view)
    def of_province(
        request: HttpRequest, member: Member, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if not led_with(grants_for(member, PROTECTORS), timezone.now()).is_province:
            raise Problem("not_allowed")
        return view(request, member, *args, **kwargs)

    return _guarded(of_province, PROTECTORS)


def for_members(view: LeadView[Arguments]) -> View[Arguments]:
    """Give a view whoever may come into the office at all, or send the visitor to sign in."""
    return _guarded(view, OPENS_OFFICE)


def _guarded(view: LeadView[Arguments], roles: frozenset[Role]) -> View[Arguments]:
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        now = timezone.now()
        member = member_with_role(request.user, roles, now)
        if ALONE in request.session and is_asked_of(member, now):  # a role was given since
            return _to_sign_in(request)
        if request.method != "POST":
            return office_headers(view(request, member, *args, **kwargs))
        response = pressed_again(request, now)
        if response is None:
            response = view(request, member, *args, **kwargs)
            note_pressed(request, response, now)
        return office_headers(response)

    return guarded


def on_a_wall(view: View[Arguments]) -> View[Arguments]:
    """Let a page that is looked at for hours stay open without a press; its asking keeps no other page open."""
    view.asks_by_itself = True  # type: ignore[attr-defined]
    return view


def asks_by_itself(view: Callable[..., HttpResponseBase]) -> bool:
    """Say whether a request for this view may come from a screen that nobody sits at."""
    return getattr(view, "asks_by_itself", False)


def by_a_press(page: str, *parts: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Give a view presses alone: opened without one, its address leads to `page`, which says that nothing was done.

    It is opened so when the language is changed on the page that answered a press, and after signing in anew.
    `parts` of the view's own address fill that of the page.
    """

    def pressed_alone(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        @require_http_methods(["GET", "HEAD", "POST"])
        def pressed(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.user.is_authenticated and WARNED not in request.session:
                warn_next(request, "office.nothing_done")
            return office_headers(see_other(page, **{part: kwargs[part] for part in parts}))

        return pressed

    return pressed_alone


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in, then go on: to the page that was asked for, or to the one on which something was pressed."""
    is_lost = request.method == "POST"
    asked = urlsplit(request.headers.get("Referer", "")).path if is_lost else request.path
    wanted = {"next": office_page(asked)} | ({LOST: "1"} if is_lost else {})
    return SeeOther(f"{reverse('office_sign_in')}?{urlencode(wanted, safe='/')}")


def office_page(address: str) -> str:
    """Return the address if it is one of the office's, else that of its first page; never another place."""
    home = reverse("office")
    is_ours = address.startswith(home) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else home


def office_headers(response: HttpResponse) -> HttpResponse:
    """Nothing is cached: the next person at this screen must not see it."""
    response["Cache-Control"] = "no-store"
    return response


def led_by(member: Member) -> Led:
    """What the lead leads now: the one filter of every list."""
    return led_with(grants_for(member, LEADS), timezone.now())


def reached_by_signer(member: Member) -> Led:
    """What results a member may sign now."""
    return led_with(grants_for(member, SIGNERS), timezone.now())


def leads(member: Member) -> bool:
    """Whether somebody leads anything now, so that the other pages of the office are theirs too."""
    return has_role(member, LEADS, timezone.now())


class Said(str):
    """A line kept for the next page; a warning is shown as one."""

    __slots__ = ("is_warning",)
    is_warning: bool


def say_next(request: HttpRequest, key: str, **params: object) -> None:
    """Keep one line for the page that follows a deed."""
    request.session[SAID] = text(key, **params)


def warn_next(request: HttpRequest, key: str, **params: object) -> None:
    """Keep one line for the page that follows, of what was not done."""
    request.session[WARNED] = text(key, **params)


def said(request: HttpRequest) -> Said:
    """The line kept for this page, once; of two the warning."""
    done, warned = (str(request.session.pop(kept, "")) for kept in (SAID, WARNED))
    line = Said(warned or done)
    line.is_warning = bool(warned)
    return line
