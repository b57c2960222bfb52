"""Held entries: authentic, but a person must say whether they count; those that only wait are folded by device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_number
from chotxanh.language.texts import catalogue, current_language, text
from chotxanh.ledger import held as entries
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rulings import admit_entry, refuse_entry
from chotxanh.protocol.kinds import words_of
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.device_lines import DeviceLine, device_lines
from chotxanh.site.office.door import by_a_press, for_leads, led_by, said, say_next, warn_next
from chotxanh.site.office.grounds import grounds_listed, read_grounds
from chotxanh.site.office.names import NOBODY, Officer, officers_named
from chotxanh.site.office.paging import page_of

# What each button records, and what is said once it has.
DECISIONS = {"admit": (admit_entry, "office.admitted"), "refuse": (refuse_entry, "office.refused")}


@dataclass(frozen=True)
class HeldLine:
    """One held entry, why it is held, the tube it names, and its `facts`, without personal data. Times are UTC."""

    id: UUID
    problem: str
    kind: str
    tube: str
    officer: Officer
    effective_at: datetime
    received_at: datetime
    facts: str


@dataclass(frozen=True)
class HeldGroup:
    """What is held of one device for one reason: how much in all, and the part of it on this page."""

    device: DeviceLine
    reason: str
    count: int
    kinds: str
    lines: tuple[HeldLine, ...]


@dataclass(frozen=True)
class WaitingLine:
    """A device whose entries wait for the start of their shift."""

    device: DeviceLine
    count: int
    kinds: str
    oldest: datetime


@require_safe
@for_leads
def held(request: HttpRequest, member: Member) -> HttpResponse:
    """List what needs a decision, by device; fold what only waits for its shift under one line a device."""
    led = led_by(member)
    shown = page_of(request, entries.to_decide(led))
    waiting = page_of(request, entries.waiting_devices(led), "waiting")
    refused = page_of(request, entries.refused_in(led), "refused")
    context = {
        "page": "held",
        "member": member,
        "said": said(request),
        "grounds": grounds_listed(),
        "counts": entries.count_held(led),
        "shown": shown,
        "groups": _groups(list(shown.object_list), led),
        "waiting": waiting,
        "waiting_lines": _waiting_lines(list(waiting.object_list), led),
        "refused": refused,
        "refused_lines": _lines(list(refused.object_list)),
    }
    return render(request, "office/held.html", context)


@require_safe
@for_leads
def held_waiting(request: HttpRequest, member: Member, device: UUID) -> HttpResponse:
    """List one device's entries that wait for their shift: to decide on if it is broken or lost."""
    led = led_by(member)
    shown = page_of(request, entries.waiting_for_shift(led, device))
    if not shown.paginator.count:
        return see_other("office_held")
    context = {
        "page": "held",
        "member": member,
        "said": said(request),
        "grounds": grounds_listed(),
        "device": device_lines([device])[device],
        "shown": shown,
        "lines": _lines(list(shown.object_list)),
    }
    return render(request, "office/held_waiting.html", context)


@by_a_press("office_held")
@for_leads
def decide_held(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Admit or refuse one entry, then go on with its list.

    What is held for another reason by now than its page gave is not decided, and nothing without grounds: the lead is
    asked anew.

    Raises Problem: `choice_missing`, `entry_unknown`, `not_allowed`.
    """
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise Problem("choice_missing")
    grounds = read_grounds(request.POST.get("grounds", ""))
    led = led_by(member)
    waiting = entries.waiting_for_shift(led).filter(id=entry).first()
    known = entries.within_places(entries.undecided() | entries.refused(), led).filter(id=entry).first()
    if known is None:
        raise Problem("entry_unknown")
    if known.problem != request.POST.get("problem", ""):
        warn_next(request, "office.held_reason_changed")
    elif grounds is None:
        warn_next(request, "office.grounds_missing")
    else:
        record, done = DECISIONS[decision]
        record(entry, member, timezone.now(), grounds)
        say_next(request, done)
    return see_other("office_held_waiting", device=waiting.device) if waiting else see_other("office_held")


def _groups(shown: Sequence[Entry], led: Led) -> list[HeldGroup]:
    """The page's entries by device and reason, without a group in which all has settled since they were read."""
    together = entries.held_together(shown, led)
    devices = device_lines({entry.device for entry in shown})
    lines = {line.id: line for line in _lines(shown)}
    return [
        HeldGroup(
            device=devices[device],
            reason=_reason(problem),
            count=together[device, problem].count,
            kinds=_kinds(together[device, problem].kinds),
            lines=tuple(lines[entry.id] for entry in part),
        )
        for (device, problem), part in groupby(shown, lambda entry: (entry.device, entry.problem))
        if (device, problem) in together
    ]


def _waiting_lines(rows: Sequence[dict[str, Any]], led: Led) -> list[WaitingLine]:
    """The page's devices, without those whose entries have all settled since they were read."""
    waiting = [entries.WaitingDevice(**row) for row in rows]
    devices = device_lines({each.device for each in waiting})
    kinds = entries.kinds_waiting(led, [each.device for each in waiting])
    return [
        WaitingLine(devices[each.device], each.count, _kinds(kinds[each.device]), each.oldest)
        for each in waiting
        if each.device in kinds
    ]


def _lines(shown: Sequence[Entry]) -> list[HeldLine]:
    officers = officers_named(entry.actor for entry in shown)
    return [_line(entry, officers.get(entry.actor, NOBODY)) for entry in shown]


def _line(entry: Entry, officer: Officer) -> HeldLine:
    tube, facts = entries.facts_of(entry)
    return HeldLine(
        id=entry.id,
        problem=entry.problem,
        kind=kind_word(entry.kind),
        tube=tube,
        officer=officer,
        effective_at=entry.effective_at,
        received_at=entry.received_at,
        facts=facts,
    )


def kind_word(kind: str) -> str:
    """Return what a kind of entry is called."""
    words = words_of(kind)
    return words[current_language()] if words else text("office.kind.other", kind=kind)


def _kinds(kinds: Iterable[tuple[str, int]]) -> str:
    return ", ".join(
        text("office.kind_count", kind=kind_word(kind), count=show_number(count)) for kind, count in kinds
    )


def _reason(problem: str) -> str:
    """Why it is held, in a lead's words: the problem's own sentence speaks to the officer."""
    key = f"office.held_reason.{problem}"
    return text(key) if key in catalogue() else text("office.held_reason.other", code=problem)
