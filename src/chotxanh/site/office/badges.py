"""Badges of who works where somebody leads: given for the week, printed on A4, and a lost one ended with a press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from chotxanh.domain.codes import group
from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.texts import text
from chotxanh.pictures.drawing import qr_svg
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.kept_tickets import end_kept_tickets
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.staff.badges import badges_of, end_badges, give_badges, printed
from chotxanh.registers.staff.entries import BadgeEnded, BadgeGiven, GrantRow
from chotxanh.registers.staff.grants import grants_of, is_in_force, is_province_wide
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Badge, Member
from chotxanh.registers.staff.second_factor import ASKED_OF
from chotxanh.site.office.door import by_a_press, for_leads, led_by, said, say_next
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.registers.register import number_of, record_all
from chotxanh.site.office.registers.staff import members_kept

GIVE_MISSING, GIVE, END = "give_missing", "give", "end"
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Line:
    """One member with the badge in use, if there is one, and whether this lead may give another."""

    member: Member
    badge: Badge | None
    may_give: bool


@dataclass(frozen=True)
class Printed:
    """One badge on paper: name, picture, the code to be typed, and a first PIN to be cut off."""

    member: Member
    picture: SafeString
    code: str
    first_pin: str | None


@require_safe
@for_leads
def badges(request: HttpRequest, member: Member) -> HttpResponse:
    """List who works where the lead leads, with their badges."""
    now, led = timezone.now(), led_by(member)
    shown = page_of(request, members_kept(now, led).in_force)
    lines = _lines(list(shown.object_list), led, now)
    everybody = _lines(_members(led, now), led, now)
    context = {
        "page": "registers",
        "member": member,
        "said": said(request),
        "shown": shown,
        "lines": lines,
        "missing": sum(line.badge is None and line.may_give for line in everybody),
        "in_use": sum(line.badge is not None and line.may_give for line in everybody),
    }
    return render(request, "office/badges.html", context)


@require_safe
@for_leads
def print_badges(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the badges in use on sheets of A4; `only` is one member's. Raises Problem("entry_unknown")."""
    now, led = timezone.now(), led_by(member)
    only = request.GET.get("only")
    lines = [each for each in _lines(_members(led, now, only), led, now) if each.badge and each.may_give]
    of = {each.member.id: each.member for each in lines}
    cards = [
        Printed(
            of[each.member],
            mark_safe(qr_svg(each.code, label=text("badges.picture", name=of[each.member].full_name))),  # noqa: S308
            group(each.code),
            each.first_pin,
        )
        for each in printed(each.badge for each in lines if each.badge)
    ]
    return render(request, "office/print_badges.html", {"member": member, "cards": cards})


@by_a_press("office_badges")
@for_leads
def act_on_badge(request: HttpRequest, member: Member) -> HttpResponse:
    """Give badges to all who have none, give one anew, or end one: at once, a lost badge does not wait.

    Raises Problem: `entry_unknown`, `not_allowed` for who is out of the lead's reach.
    """
    now, led = timezone.now(), led_by(member)
    for act in (GIVE, END):
        if act in request.POST:
            found = _lines(_members(led, now, request.POST[act]), led, now)
            if not found:
                raise Problem("entry_unknown")
            line = found[0]
            return _give([line], member, now, request) if act == GIVE else _end(line, member, now, request)
    missing = [each for each in _lines(_members(led, now), led, now) if each.badge is None and each.may_give]
    return _give(missing, member, now, request)


def _give(lines: Sequence[Line], member: Member, now: datetime, request: HttpRequest) -> HttpResponse:
    if not all(line.may_give for line in lines):
        raise Problem("not_allowed")
    wanted = [line.member.id for line in lines]
    given: list[msgspec.Struct] = [BadgeGiven(each) for each in wanted]
    record_all(given, member, now)
    give_badges(wanted, now)
    end_kept_tickets(wanted, now)
    say_next(request, "badges.given", count=len(wanted))
    return see_other("office_badges")


def _end(line: Line, member: Member, now: datetime, request: HttpRequest) -> HttpResponse:
    record_all([BadgeEnded(line.member.id)], member, now)
    end_badges([line.member.id], now)
    end_sessions_of(line.member, now)
    say_next(request, "badges.ended", name=line.member.full_name)
    return see_other("office_badges")


def _members(led: Led, now: datetime, only: str | None = None) -> list[Member]:
    here = members_kept(now, led).in_force
    if only is not None:
        here = here.filter(id=number_of(only))
    return list(here[:MOST_AT_ONCE])


def _lines(members: Sequence[Member], led: Led, now: datetime) -> list[Line]:
    ids: list[UUID] = [each.id for each in members]
    found, grants = badges_of(ids), grants_of(ids)
    return [Line(each, found.get(each.id), _may_give(led, grants.get(each.id, []), now)) for each in members]


def _may_give(led: Led, grants: Sequence[GrantRow], now: datetime) -> bool:
    """Say whether a lead may hand out what opens a shift as this member: none reaches further than they lead."""
    if led.is_province:
        return True
    in_force = [each for each in grants if is_in_force(each, now)]
    return all(
        not is_province_wide(each)
        and each.role not in {role.value for role in ASKED_OF}
        and led.covers(Place(each.facility, each.site, each.post))
        for each in in_force
    )
