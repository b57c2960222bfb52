"""The pages of the registers, all drawn alike: what stands, a form that adds, and each row's next act."""

from collections.abc import Mapping
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.ledger.rejudging import entries_left
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import by_a_press, for_leads, for_members, leads, led_by, said, say_next
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.registers import (
    codes,
    duties,
    facilities,
    incidents,
    meanings,
    notices,
    posts,
    retention,
    rules,
    staff,
    supplies,
    testing,
)
from chotxanh.site.office.registers.register import Register, Row, Said, serves_province
from chotxanh.site.office.registers.steps import first_steps
from chotxanh.site.office.shown_codes import KEPT_PASSWORD, show_code, shown_code

SURE = "sure"  # sent by the page that asks once more

REGISTERS: Mapping[str, Register] = {
    each.name: each
    for each in (
        facilities.REGISTER,
        posts.REGISTER,
        staff.MEMBERS,
        staff.GRANTS,
        rules.REGISTER,
        meanings.REGISTER,
        testing.REGISTER,
        supplies.REGISTER,
        duties.REGISTER,
        codes.REGISTER,
        retention.REGISTER,
        notices.REGISTER,
        incidents.REGISTER,
    )
}


@require_safe
@for_leads
def registers(request: HttpRequest, member: Member) -> HttpResponse:
    """List the registers with how much stands in each."""
    now, led = timezone.now(), led_by(member)
    found = [
        (name, f"registers.{name}", f"registers.{name}_about", each.kept(now, led).in_force.count())
        for name, each in REGISTERS.items()
    ]
    context = {
        "page": "registers",
        "member": member,
        "said": said(request),
        "registers": found,
        "steps": first_steps(),
        "left": entries_left(),
    }
    return render(request, "office/registers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def register(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """Show one register to its readers; let its writers add to it. Raises Problem("not_allowed")."""
    found, now = _named(name), timezone.now()
    if not leads(member) and not serves_province(member, found.readers, now):
        raise Problem("not_allowed")
    may_write = serves_province(member, found.writers, now)
    anew = _recorded_anew(request, found, member, now)
    form = found.form(request.POST if request.method == "POST" else None, initial=anew)
    if request.method == "POST" and not may_write:
        raise Problem("not_allowed")
    if form.is_valid():
        with form.blaming():
            _say(request, found.add(form.cleaned_data, member, now))
            return see_other("office_register", name=name)
    kept = found.kept(now, led_by(member))
    in_force, ended = page_of(request, kept.in_force), page_of(request, kept.ended, "ended")
    context = {
        "page": "registers",
        "member": member,
        "said": said(request),
        "register": found,
        "title": f"registers.{name}",
        "about": f"registers.{name}_about",
        "add": f"registers.{name}_anew" if anew else f"registers.{name}_add",
        "anew": f"registers.{name}_anew",
        "form": form if may_write else None,
        "in_force": in_force,
        "in_force_rows": found.rows(list(in_force.object_list), now, member.id),
        "ended": ended,
        "ended_rows": found.rows(list(ended.object_list), now, member.id),
        "is_ended_open": "ended" in request.GET,
        "may_write": may_write,
        "shown": shown_code(request, now, KEPT_PASSWORD) if name == staff.MEMBERS.name else None,
    }
    return render(request, "office/register.html", context, status=form.status)


@by_a_press("office_register", "name")
@for_members
def act(request: HttpRequest, member: Member, name: str, row: str) -> HttpResponse:
    """Ask once more, then do one of a row's next acts. Raises Problem: `entry_unknown`, `not_allowed`, `own_grant`."""
    found, now = _named(name), timezone.now()
    if not serves_province(member, found.writers, now):
        raise Problem("not_allowed")
    wanted = request.POST.get("act", "")
    carry_out = found.acts.get(wanted)
    if carry_out is None:
        raise Http404
    meant = found.row(row, now, led_by(member))
    if wanted not in meant.acts:
        raise Problem("entry_unknown")
    if SURE not in request.POST:
        return _ask_once_more(request, member, found, meant, wanted)
    _say(request, carry_out(row, member, now))
    return see_other("office_register", name=name)


def _ask_once_more(
    request: HttpRequest, member: Member, found: Register, meant: Row, wanted: str
) -> HttpResponse:
    """Show what is about to be done to which row."""
    context = {
        "page": "registers",
        "member": member,
        "register": found,
        "row": meant,
        "act": wanted,
        "word": f"registers.act.{wanted}",
        "about": f"registers.act.{wanted}_about",
    }
    return render(request, "office/register_act.html", context)


def _recorded_anew(request: HttpRequest, found: Register, member: Member, now: datetime) -> Mapping[str, str]:
    """Return what the form says already of the row that was asked for. Raises Problem("entry_unknown")."""
    id = request.GET.get("again")
    return found.row(id, now, led_by(member)).anew if id else {}


def _named(name: str) -> Register:
    found = REGISTERS.get(name)
    if found is None:
        raise Http404
    return found


def _say(request: HttpRequest, outcome: Said) -> None:
    say_next(request, outcome.key, **outcome.params)
    if outcome.secret is not None:
        username, password = outcome.secret
        show_code(request, username, password, timezone.now(), KEPT_PASSWORD)
