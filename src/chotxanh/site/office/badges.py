"""Badges of everybody who works in the province: given for the week, printed on A4, and a lost one ended with a press.

They are of leads of the whole province, as the register of staff is: whoever reads a sheet can begin a shift as anybody
on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
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
from chotxanh.registers.devices.kept_tickets import end_kept_tickets
from chotxanh.registers.devices.sessions import end_sessions_of
from chotxanh.registers.staff.badges import badges_of, end_badges, give_badges, printed
from chotxanh.registers.staff.entries import BadgeEnded, BadgeGiven
from chotxanh.registers.staff.models import Badge, Member
from chotxanh.site.office.door import by_a_press, for_leads, led_by, said, say_next
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.registers.register import number_of, record_all
from chotxanh.site.office.registers.staff import members_kept
from chotxanh.site.office.role_words import roles_of

GIVE, END = "give", "end"
SURE = "sure"  # sent by the page that asks once more
MOST_AT_ONCE = 200  # a badge takes as long to seal as a password to check


@dataclass(frozen=True)
class Line:
    """One member with what they do, and the badge in use if there is one."""

    member: Member
    badge: Badge | None
    roles: str


@dataclass(frozen=True)
class Printed:
    """One badge on paper: name, work, picture, the code to be typed, and a first PIN to be cut off."""

    member: Member
    roles: str
    picture: SafeString
    code: str
    first_pin: str | None


@require_safe
@for_leads
def badges(request: HttpRequest, member: Member) -> HttpResponse:
    """List who works in the province, with their badges. Raises Problem("not_allowed") for leads of a part."""
    now = timezone.now()
    everybody = _everybody(member, now)
    shown = page_of(request, everybody)
    ids = [each.id for each in shown.object_list]
    found, roles = badges_of(ids), roles_of(ids, now)
    context = {
        "page": "registers",
        "member": member,
        "said": said(request),
        "shown": shown,
        "lines": [Line(each, found.get(each.id), roles.get(each.id, "")) for each in shown.object_list],
        "missing": everybody.exclude(_HAS_BADGE).count(),
        "in_use": everybody.filter(_HAS_BADGE).count(),
    }
    return render(request, "office/badges.html", context)


@require_safe
@for_leads
def print_badges(request: HttpRequest, member: Member) -> HttpResponse:
    """Show the badges in use on sheets of A4; `only` is one member's.

    Raises Problem: `entry_unknown`, `not_allowed` for leads of a part.
    """
    now = timezone.now()
    wanted = _everybody(member, now).filter(_HAS_BADGE)
    if only := request.GET.get("only"):
        wanted = wanted.filter(id=number_of(only))
    shown = page_of(request, wanted, size=MOST_AT_ONCE)
    of = {each.id: each for each in shown.object_list}
    found, roles = badges_of(list(of)), roles_of(list(of), now)
    cards = [
        Printed(
            of[each.member],
            roles.get(each.member, ""),
            mark_safe(qr_svg(each.code, label=text("badges.picture", name=of[each.member].full_name))),  # noqa: S308
            group(each.code),
            each.first_pin,
        )
        for each in printed(found[id] for id in of if id in found)
    ]
    return render(request, "office/print_badges.html", {"member": member, "cards": cards, "shown": shown})


@by_a_press("office_badges")
@for_leads
def act_on_badge(request: HttpRequest, member: Member) -> HttpResponse:
    """Give badges to those who have none; asked once more, give one anew or end one: a lost badge does not wait.

    Raises Problem: `entry_unknown`, `not_allowed` for leads of a part.
    """
    now = timezone.now()
    everybody = _everybody(member, now)
    for act, carry_out in ((GIVE, _give), (END, _end)):
        if act in request.POST:
            found = everybody.filter(id=number_of(request.POST[act])).first()
            if found is None:
                raise Problem("entry_unknown")
            if SURE not in request.POST and badges_of([found.id]):  # what is in use would open nothing more
                context = {"page": "registers", "member": member, "whose": found, "act": act}
                return render(request, "office/badge_act.html", context)
            return carry_out([found], member, now, request)
    return _give(list(everybody.exclude(_HAS_BADGE)[:MOST_AT_ONCE]), member, now, request)


_HAS_BADGE = Exists(Badge.objects.filter(member=OuterRef("id"), ended_at=None))


def _everybody(member: Member, now: datetime) -> QuerySet[Member]:
    led = led_by(member)
    if not led.is_province:
        raise Problem("not_allowed")
    return members_kept(now, led).in_force


def _give(of: Sequence[Member], member: Member, now: datetime, request: HttpRequest) -> HttpResponse:
    wanted = [each.id for each in of]
    had = badges_of(wanted)

    def carry_out() -> None:
        give_badges(wanted, now)
        for each in of:
            if each.id in had:  # what the one before opened ends with it
                end_sessions_of(each, now)
        # A restore may have forgotten the badge before, and what it opened.
        end_kept_tickets([id for id in wanted if id not in had], now)

    record_all([BadgeGiven(each) for each in wanted], member, now, and_then=carry_out)
    say_next(request, "badges.given", count=len(wanted))
    return see_other("office_badges")


def _end(of: Sequence[Member], member: Member, now: datetime, request: HttpRequest) -> HttpResponse:
    lost = of[0]

    def carry_out() -> None:
        end_badges([lost.id], now)
        end_sessions_of(lost, now)

    record_all([BadgeEnded(lost.id)], member, now, and_then=carry_out)
    say_next(request, "badges.ended", name=lost.full_name)
    return see_other("office_badges")
