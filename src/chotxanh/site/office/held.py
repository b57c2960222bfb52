"""Held entries: authentic, but a person must say whether they count."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.texts import catalogue, current_language, text
from chotxanh.ledger.queries import HeldEntry, count_of_held_without_ruling, held_entries
from chotxanh.ledger.rulings import admit_entry, refuse_entry
from chotxanh.protocol.kinds import words_of
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import for_leads, said, say_next

# What each button records, and what is said once it has.
DECISIONS = {"admit": (admit_entry, "office.admitted"), "refuse": (refuse_entry, "office.refused")}


@require_safe
@for_leads
def held(request: HttpRequest, member: Member) -> HttpResponse:
    """List what waits, oldest first."""
    context = {
        "page": "held",
        "member": member,
        "said": said(request),
        "entries": [(entry, _kind_word(entry), _reason(entry)) for entry in held_entries()],
        "rest": count_of_held_without_ruling(),
    }
    return render(request, "office/held.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def decide_held(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Admit or refuse one entry; opened without a press it leads to the list.

    Raises Problem: `choice_missing`, `entry_unknown`, `not_allowed`.
    """
    if request.method != "POST":
        return see_other("office_held")
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise Problem("choice_missing")
    record, done = DECISIONS[decision]
    record(entry, member, timezone.now())
    say_next(request, done)
    return see_other("office_held")


def _kind_word(entry: HeldEntry) -> str:
    words = words_of(entry.kind)
    return words[current_language()] if words else text("office.kind.other", kind=entry.kind)


def _reason(entry: HeldEntry) -> str:
    """Why it is held, in a lead's words: the problem's own sentence speaks to the officer."""
    key = f"office.held_reason.{entry.problem}"
    return text(key) if key in catalogue() else text("office.held_reason.other", code=entry.problem)
