"""The page of the data protection officer: dossiers, times of keeping, incidents, looks, and what was erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chotxanh.beside.access_log import looks_at, looks_since
from chotxanh.beside.models import PersonalAccess
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.erasing import erased_categories, orders_to_erase
from chotxanh.ledger.models import ErasedCategory, Remark
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.registers.staff.models import Member
from chotxanh.site.dossiers import DOSSIERS
from chotxanh.site.look_lines import FEED, SEARCH, purpose_words, search_words, sent_ahead
from chotxanh.site.office.door import for_protectors, leads, said
from chotxanh.site.office.names import NOBODY, officers_named
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.registers import incidents, retention
from chotxanh.site.office.registers.posts import site_names_of
from chotxanh.site.office.registers.register import Register, Row

LOOKS_SHOWN_FOR = timedelta(days=7)  # said in the texts
ERASED_SHOWN = 20


@dataclass(frozen=True)
class LookRow:
    """One look: when (UTC), by whom, at whom (a code; empty of cards sent ahead and searches), and what for."""

    at: datetime
    who: str
    subject: str
    purpose: str


@dataclass(frozen=True)
class ErasedRow:
    """One order to erase: when (UTC), by whom, and of what."""

    at: datetime
    who: str
    what: str


@require_safe
@for_protectors
def protection(request: HttpRequest, member: Member) -> HttpResponse:
    """Show everything that watches over personal data; it writes nothing and names nobody who was tested.

    Looks are those of the last week; of one person, by code, those of all times that are kept.
    """
    now, code = timezone.now(), request.GET.get("code", "").strip().upper()
    is_asked = bool(code) and code.isprintable()  # PostgreSQL cannot even look for a NUL
    looks = page_of(request, looks_at(code) if is_asked else looks_since(now - LOOKS_SHOWN_FOR))
    erased = page_of(request, orders_to_erase(), "erased", size=ERASED_SHOWN)
    context = {
        "page": "protection",
        "member": member,
        "is_lead": leads(member),
        "said": said(request),
        "dossiers": list(DOSSIERS),
        "retention": _rows(retention.REGISTER, now, member.id),
        "incidents": _rows(incidents.REGISTER, now, member.id),
        "code": code if is_asked else "",
        "looks": looks,
        "look_rows": _look_rows(list(looks.object_list)),
        "erased": erased,
        "erased_rows": _erased_rows(list(erased.object_list)),
        "category_rows": _category_rows(list(erased_categories()[:ERASED_SHOWN])),
    }
    return render(request, "office/protection.html", context)


def _rows(register: Register, now: datetime, reader: UUID) -> list[Row]:
    return register.rows(list(register.kept(now, WHOLE_PROVINCE).in_force), now, reader)


def _look_rows(looks: Sequence[PersonalAccess]) -> list[LookRow]:
    names = _names({look.member for look in looks})
    sites = site_names_of({sent_ahead(look.subject)[0] for look in looks if look.purpose == FEED})
    return [LookRow(look.read_at, names[look.member], *_said_of(look, sites)) for look in looks]


def _said_of(look: PersonalAccess, sites: Mapping[str, str]) -> tuple[str, str]:
    """Return at whom somebody looked, and what for; cards sent ahead and searches are of nobody named."""
    if look.purpose == SEARCH:
        return "", search_words(look.subject)
    if look.purpose != FEED:
        return look.subject, purpose_words(look.purpose)
    site, count = sent_ahead(look.subject)
    return "", text("looks.sent_ahead", site=sites.get(site, site), count=count)


def _erased_rows(orders: Sequence[Remark]) -> list[ErasedRow]:
    names = _names({order.actor for order in orders if order.actor})
    calendar = text("protection.by_calendar")
    return [
        ErasedRow(order.at, names[order.actor] if order.actor else calendar, text("protection.erased_of_one"))
        for order in orders
    ]


def _category_rows(orders: Sequence[ErasedCategory]) -> list[str]:
    return [
        text(
            "protection.erased_category",
            name=text(f"registers.kept_category.{order.category}"),
            time=show_time(order.before),
        )
        for order in orders
    ]


def _names(members: Collection[UUID]) -> dict[UUID, str]:
    known = officers_named(members)
    return {id: known.get(id, NOBODY).name or text("office.nobody") for id in members}
