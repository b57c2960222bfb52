"""The call list: whom to call now, by whom and since when; each call is noted by one click."""

from contextlib import suppress
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.access_log import note_looks
from chotxanh.domain.marks import Mark
from chotxanh.domain.problems import Problem
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.registers.duties.entries import province_number
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.results.followups.lists import (
    closed_calls,
    contact_led,
    note_contact,
    open_calls,
    overdue,
    take_contact_back,
    told,
)
from chotxanh.results.followups.models import Contact
from chotxanh.results.followups.payloads import FollowupContacted
from chotxanh.site.office.call_rows import call_views, callees_of, noted_view, overdue_views, people_in
from chotxanh.site.office.door import by_a_press, for_leads, led_by, said, say_next
from chotxanh.site.office.paging import page_of

PAGE = 20
PURPOSE = "call_list"
NOTED = "noted_call"  # where a session keeps the entry of the call that its next page names


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def calls(request: HttpRequest, member: Member) -> HttpResponse:
    """List whom to call, a page at a time; note what came of a call. Raises Problem."""
    led, now = led_by(member), timezone.now()
    if request.method == "POST":
        request.session[NOTED] = str(note_contact(_contact(request), led, member, now))
        return redirect("office_calls")
    due = page_of(request, open_calls(led), size=PAGE)
    late = page_of(request, overdue(led), "late", PAGE)
    done = page_of(request, closed_calls(led, now), "done", PAGE)
    told_page = page_of(request, told(led, now), "told", PAGE)
    views = call_views(list(due.object_list), now)
    noted = _just_noted(request, led)
    seen = {each.call.person_code for each in views} | ({noted.person_code} if noted else set())
    note_looks(member.id, seen - {""}, PURPOSE, now)
    context = {
        "page": "calls",
        "member": member,
        "said": said(request),
        "noted": noted_view(noted) if noted else None,
        "as_of": now,
        "cdc_number": province_number(now),
        "due": due,
        "late": late,
        "done": done,
        "told": told_page,
        "calls": views,
        "tubes": overdue_views(list(late.object_list), now),
        "reached": call_views(list(done.object_list), now, masked=True),
        "told_tubes": [view for view in overdue_views(list(told_page.object_list), now) if view.last_contact],
    }
    return render(request, "office/calls.html", context)


@require_safe
@for_leads
def people_of_tube(request: HttpRequest, member: Member, facility: str, barcode: str) -> HttpResponse:
    """Show the people who wait for an overdue tube, with their numbers. Raises Problem("entry_unknown")."""
    tube, now = overdue(led_by(member)).filter(tube=f"{facility}/{barcode}").first(), timezone.now()
    if tube is None:
        raise Problem("entry_unknown")
    people = callees_of(people_in([tube.tube])[tube.tube])
    note_looks(member.id, people.keys(), PURPOSE, now)
    context = {
        "page": "calls",
        "member": member,
        "view": overdue_views([tube], now)[0],
        "people": list(people.values()),
    }
    return render(request, "office/call_tube.html", context)


@by_a_press("office_calls")
@for_leads
def undo_call(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Take a noted call back, so that it is on the list again; pressed twice, once.

    Raises Problem: `entry_unknown`, `not_allowed`.
    """
    contact_led(entry, led_by(member))
    in_one_transaction(lambda: _take_back(entry, member))
    say_next(request, "calls.undone")
    return redirect("office_calls")


def _take_back(entry: UUID, member: Member) -> None:
    """Withdraw what was noted. Of two presses at once the later one waits here and finds it withdrawn."""
    contact = Contact.objects.select_for_update().get(id=entry)
    if not contact.marks & Mark.WITHDRAWN:
        take_contact_back(entry, member, timezone.now())


def _just_noted(request: HttpRequest, led: Led) -> Contact | None:
    """Return the call that this browser noted just now, once; none where it was taken back or is not led any more."""
    entry = request.session.pop(NOTED, "")
    if not entry:
        return None
    with suppress(Problem):
        contact = contact_led(UUID(entry), led)
        return None if contact.marks & Mark.WITHDRAWN else contact
    return None


def _contact(request: HttpRequest) -> FollowupContacted:
    names = ("facility", "tube", "reason", "outcome")
    typed: dict[str, str | None] = {name: request.POST.get(name, "") for name in names}
    typed["person_code"] = request.POST.get("person_code") or None
    try:
        return msgspec.convert(typed, FollowupContacted)
    except msgspec.ValidationError:
        raise Problem("payload_invalid") from None
