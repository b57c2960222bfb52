"""Follow-ups, for physicians of the CDC: who stands as positive, and how each follow-up ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.access_log import note_looks
from chotxanh.domain.methods import Method
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.staff.models import Member
from chotxanh.results.awaited import rt_pcr_taken_at
from chotxanh.results.corrections.lists import all_corrections
from chotxanh.results.followups.open import (
    close_followup,
    contacts,
    followup_of,
    open_followups,
    warnings_about,
)
from chotxanh.results.models import PersonResult
from chotxanh.site.office.call_rows import Claimed, callees_of
from chotxanh.site.office.closing_forms import ClosingForm, as_shown, closing_said
from chotxanh.site.office.contacts import contact_views
from chotxanh.site.office.correction_rows import codes_shown, correction_views
from chotxanh.site.office.door import for_physicians, said, say_next
from chotxanh.site.office.paging import page_of

PURPOSE = "followup"
PAGE = 20


@dataclass(frozen=True)
class FollowupView:
    """One positive of one person; `is_confirmed` where RT-PCR found them positive too.

    `rt_pcr_taken_at` is when the sample for RT-PCR was taken whose result is awaited (UTC).
    """

    result: PersonResult
    callee: Claimed
    is_confirmed: bool
    rt_pcr_taken_at: datetime | None

    @property
    def what(self) -> str:
        """What is so, in words."""
        return text(f"followup.positive.{'confirmed' if self.is_confirmed else self.result.test_type}")

    @property
    def act(self) -> str:
        """What is to be done about it, or is being done."""
        if self.is_confirmed:
            return text("followup.act.confirmed")
        if self.rt_pcr_taken_at is not None:
            return text("followup.act.taken", time=show_time(self.rt_pcr_taken_at))
        return text(f"followup.act.{self.result.test_type}")


@require_safe
@for_physicians
def followups(request: HttpRequest, member: Member) -> HttpResponse:
    """List who stands as positive, their contacts, and which positives were corrected, by name; in pages."""
    shown, now = page_of(request, open_followups(), size=PAGE), timezone.now()
    beside = page_of(request, contacts(), "contact", PAGE)
    taken_back = page_of(request, all_corrections(), "corrected", PAGE)
    corrections = list(taken_back.object_list)
    note_looks(member.id, codes_shown(corrections), PURPOSE, now)
    context = {
        "member": member,
        "said": said(request),
        "shown": shown,
        "views": _views(list(shown.object_list), member, now),
        "beside": beside,
        "contacts": contact_views(list(beside.object_list), member, now),
        "taken_back": taken_back,
        "corrections": correction_views(corrections, masked=False),
    }
    return render(request, "office/followups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_physicians
def end_followup(request: HttpRequest, member: Member, result: UUID) -> HttpResponse:
    """Ask how and why a follow-up ends, and record it. Raises Problem: `entry_unknown`, `not_allowed`."""
    followup, now = followup_of(result), timezone.now()
    is_asked = request.method != "POST"
    code, whose = followup.person_code, followup.registration
    known = {"shown": as_shown(warnings_about(code, whose))} if is_asked else None
    form = ClosingForm(None if is_asked else request.POST, initial=known)
    view = _views([followup], member, now)[0]
    if form.is_valid():
        with form.blaming():
            close_followup(closing_said(code, form, whose), member, now)
            say_next(request, "followup.ended", name=view.callee.name)
            return see_other("office_followups")
    context = {"member": member, "view": view, "form": form}
    return render(request, "office/followup.html", context, status=form.status)


def _views(results: Sequence[PersonResult], member: Member, now: datetime) -> list[FollowupView]:
    codes = {each.person_code for each in results}
    people = callees_of(codes)
    note_looks(member.id, codes, PURPOSE, now)
    confirmed = set(open_followups().filter(_by_rt_pcr(codes)).values_list("person_code", flat=True))
    taken = rt_pcr_taken_at(codes)
    return [
        FollowupView(
            result=each,
            callee=people[each.person_code],
            is_confirmed=each.person_code in confirmed and each.test_type != Method.RT_PCR,
            rt_pcr_taken_at=_later(taken.get(each.person_code), each),
        )
        for each in results
    ]


def _by_rt_pcr(codes: Collection[str]) -> Q:
    return Q(person_code__in=codes, test_type=Method.RT_PCR)


def _later(taken_at: datetime | None, result: PersonResult) -> datetime | None:
    """The awaited sample, where it can answer this result: a later one, and no RT-PCR's."""
    is_answer = taken_at is not None and taken_at > result.sampled_at and result.test_type != Method.RT_PCR
    return taken_at if is_answer else None
