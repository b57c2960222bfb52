"""Words of leads whose grant had ended by then, as became known later: another lead confirms them, or not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.domain.problems import Problem
from chotxanh.forms.redirects import see_other
from chotxanh.ledger.held import facts_of
from chotxanh.ledger.rulings import confirm_word
from chotxanh.ledger.unconfirmed import unconfirmed_words
from chotxanh.protocol.kinds import newest
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import by_a_press, for_leads, led_by, said, say_next, warn_next
from chotxanh.site.office.grounds import grounds_listed, read_grounds
from chotxanh.site.office.held import kind_word
from chotxanh.site.office.names import NOBODY, Officer, officers_named
from chotxanh.site.office.paging import page_of


@dataclass(frozen=True)
class WordLine:
    """One word, who said it, and what it says without personal data; `is_in_use` of what it made all the same. UTC."""

    id: UUID
    kind: str
    tube: str
    officer: Officer
    said_at: datetime
    facts: str
    is_in_use: bool


@require_safe
@for_leads
def words(request: HttpRequest, member: Member) -> HttpResponse:
    """List what waits for a confirmation in the part that is led, the oldest first."""
    shown = page_of(request, unconfirmed_words(led_by(member), member))
    entries = list(shown.object_list)
    officers = officers_named(entry.actor for entry in entries)
    lines = []
    for entry in entries:
        tube, facts = facts_of(entry)
        who = newest(entry.kind).who
        lines.append(
            WordLine(
                id=entry.id,
                kind=kind_word(entry.kind),
                tube=tube,
                officer=officers.get(entry.actor, NOBODY),
                said_at=entry.effective_at,
                facts=facts,
                is_in_use=who.is_register,
            )
        )
    context = {
        "page": "overview",
        "member": member,
        "said": said(request),
        "grounds": grounds_listed(),
        "shown": shown,
        "lines": lines,
    }
    return render(request, "office/words.html", context)


@by_a_press("office_words")
@for_leads
def confirm(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Record that another lead says the same. Raises Problem: `entry_unknown`, `not_allowed`."""
    if not unconfirmed_words(led_by(member), member).filter(id=entry).exists():
        raise Problem("entry_unknown")
    grounds = read_grounds(request.POST.get("grounds", ""))
    if grounds is None:
        warn_next(request, "office.grounds_missing")
    else:
        confirm_word(entry, member, timezone.now(), grounds)
        say_next(request, "office.word_confirmed")
    return see_other("office_words")
