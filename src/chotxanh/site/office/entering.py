"""The way into the office after the password: straight on, or by way of the second thing that is asked of some."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from chotxanh.beside.office_sessions import BROWSER
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import LEADS, PHYSICIANS
from chotxanh.domain.works import SIGNERS
from chotxanh.forms.redirects import SeeOther
from chotxanh.registers.staff.grants import has_role, member_with_role
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.second_factor import is_asked_of
from chotxanh.site.office.browsers import browser_named
from chotxanh.site.office.door import ALONE, OPENS_OFFICE, office_headers, office_page, warn_next
from chotxanh.site.office.known_browsers import remember_browser

PROTECTION = "office_protection"  # the first page of who is asked for nothing else
BEGUN = "begun"  # where a session keeps the secret that it has shown and that is not proven yet
HALF = "half"  # where a session keeps who typed the right password and is asked for a code yet
HALF_LIFE = timedelta(minutes=10)


class Way(msgspec.Struct, frozen=True):
    """Who comes in, where to, whether what they had pressed was lost, and until when they may (Unix ms).

    `password` is a digest of the one that was typed: a new one ends the way.
    """

    member: UUID
    following: str
    is_lost: bool
    until: int
    password: str


def come_in(
    request: HttpRequest, member: Member, following: str, now: datetime, *, is_lost: bool
) -> HttpResponse:
    """Open the office to who typed the right password, or ask for a code next. Raises Problem("not_allowed")."""
    member_with_role(member, OPENS_OFFICE, now)
    way = Way(
        member.id, office_page(following), is_lost, unix_ms(now + HALF_LIFE), member.get_session_auth_hash()
    )
    if not is_asked_of(member, now):
        return open_office(request, member, way, now, is_alone=True)
    request.session.cycle_key()
    request.session.pop(BEGUN, None)  # it was shown to whoever came half the way before
    request.session[HALF] = msgspec.json.encode(way).decode()
    return office_headers(SeeOther(reverse("office_second_step")))


def half_way(request: HttpRequest, now: datetime) -> tuple[Member, Way] | None:
    """Return who is asked for a code in this session, and where to they are under way."""
    try:
        way = msgspec.json.decode(request.session.get(HALF, ""), type=Way)
    except msgspec.DecodeError:
        return None
    member = Member.objects.filter(id=way.member, is_active=True).first()
    if member is None or unix_ms(now) >= way.until:
        return None
    is_same = constant_time_compare(way.password, member.get_session_auth_hash())
    return (member, way) if is_same else None


def open_office(
    request: HttpRequest, member: Member, way: Way, now: datetime, *, is_alone: bool = False
) -> HttpResponse:
    """Sign a member in and lead them on. `is_alone` says that a password alone was asked for.

    Raises Problem("not_allowed").
    """
    login(request, member_with_role(member, OPENS_OFFICE, now))
    request.session.pop(HALF, None)
    request.session[BROWSER] = browser_named(request.headers.get("User-Agent", ""))
    request.session.pop(ALONE, None)
    if is_alone:
        request.session[ALONE] = True
    if way.is_lost:
        warn_next(request, "office.nothing_recorded_yet")
    response = SeeOther(first_page(member, way.following, now))
    remember_browser(request, response, member.username)
    return office_headers(response)


def first_page(member: Member, following: str, now: datetime) -> str:
    """Return where somebody is led after signing in: to what they asked for, else to what is theirs."""
    if following != reverse("office") or has_role(member, LEADS, now):
        return following
    own = {PHYSICIANS: "office_followups", SIGNERS: "office_corrections"}
    return reverse(next((page for roles, page in own.items() if has_role(member, roles, now)), PROTECTION))
