"""One's own account: where one is signed in, with a press that ends it, and one's authenticator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.beside.office_sessions import SessionStore, end_office_sessions, sessions_of
from chotxanh.forms.redirects import see_other
from chotxanh.registers.devices.models import Session
from chotxanh.registers.devices.sessions import SESSION_LIFE, end_sessions, end_sessions_of
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import is_asked_of, renew_kept_codes, second_factor_of
from chotxanh.site.office.door import by_a_press, for_members, leads, said, say_next
from chotxanh.site.office.entering import first_page
from chotxanh.site.office.kept_codes import keep_codes
from chotxanh.site.office.registers.register import number_of
from chotxanh.site.office.second_step import SecondStepForm

OTHERS, STATION = "others", "station"


@dataclass(frozen=True)
class SignedIn:
    """One place where a member is signed in, by the name its end is asked for; `seen_at` is not known of a station."""

    name: str
    place: str
    began_at: datetime
    seen_at: datetime | None = None
    is_station: bool = False
    is_this: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def own_account(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the account; with a code of the authenticator, make new codes for its loss."""
    now = timezone.now()
    given = second_factor_of(member.id)
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if given and form.is_valid():
        with form.blaming():
            return keep_codes(
                request, renew_kept_codes(member, form.cleaned_data["second_code"], now), request.path
            )
    context = {
        "page": "account",
        "member": member,
        "is_lead": leads(member),
        "work": first_page(member, reverse("office"), now),
        "said": said(request),
        "signed_in": list(_signed_in(request, member, now)),
        "second": given,
        "is_asked": is_asked_of(member, now),
        "form": form,
    }
    return render(request, "office/own_account.html", context, status=form.status)


@by_a_press("office_account")
@for_members
def end_session(request: HttpRequest, member: Member, session: str) -> HttpResponse:
    """End one session of one's own, at the office or at a station, or all but this one."""
    now = timezone.now()
    kind, _, number = session.partition(":")
    if session == OTHERS:
        end_office_sessions(member.id, but=cast(SessionStore, request.session).id)
        end_sessions_of(member, now)
    elif kind == STATION and number.isdecimal():
        end_sessions(Session.objects.filter(member=member, id=int(number)), now)
    else:
        end_office_sessions(member.id, only=number_of(session))
    say_next(request, "account.ended_others" if session == OTHERS else "account.ended")
    return see_other("office_account")


def _signed_in(request: HttpRequest, member: Member, now: datetime) -> Iterator[SignedIn]:
    here = cast(SessionStore, request.session).id
    for each in sessions_of(member.id, now):
        yield SignedIn(str(each.id), each.browser, each.began_at, each.seen_at, is_this=each.id == here)
    stations = Session.objects.filter(member=member, expires_at__gt=now).select_related("device")
    for station in stations.order_by("-expires_at", "id"):
        began_at = station.expires_at - SESSION_LIFE
        yield SignedIn(f"{STATION}:{station.id}", station.device.name, began_at, is_station=True)
