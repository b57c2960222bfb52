"""Contacts, for physicians of the CDC: who is one, and how each is released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chotxanh.beside.access_log import note_looks
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.staff.models import Member
from chotxanh.results.awaited import rt_pcr_taken_at
from chotxanh.results.followups.open import contact_named, release_contact, warnings_beside
from chotxanh.results.models import WhatStands
from chotxanh.site.office.call_rows import Claimed, callees_of
from chotxanh.site.office.closing_forms import ReleaseForm, as_shown, closing_said
from chotxanh.site.office.door import by_a_press, for_physicians, say_next

PURPOSE = "followup"


@dataclass(frozen=True)
class ContactView:
    """One contact; `rt_pcr_taken_at` is when the sample for RT-PCR was taken whose result is awaited (UTC)."""

    person_code: str
    callee: Claimed
    is_ordered: bool
    rt_pcr_taken_at: datetime | None

    @property
    def act(self) -> str:
        """What is to be done about it, or is being done."""
        if not self.is_ordered:
            return text("followup.contact.answered")
        if self.rt_pcr_taken_at is not None:
            return text("followup.contact.taken", time=show_time(self.rt_pcr_taken_at))
        return text("followup.contact.ordered")


def contact_views(contacts: Sequence[WhatStands], member: Member, now: datetime) -> list[ContactView]:
    """Return contacts as the page shows them; each look is noted (UTC `now`)."""
    codes = {each.person_code for each in contacts}
    people, taken = callees_of(codes), rt_pcr_taken_at(codes)
    note_looks(member.id, codes, PURPOSE, now)
    return [
        ContactView(each.person_code, people[each.person_code], bool(each.order), taken.get(each.person_code))
        for each in contacts
    ]


@by_a_press("office_followups")
@for_physicians
def release(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask how and why a contact is released, and record it. Raises Problem: `entry_unknown`, `not_allowed`."""
    contact, now = contact_named(request.POST.get("person_code", "")), timezone.now()
    is_asked = "reason" not in request.POST  # pressed on the list
    code = contact.person_code
    known = {"person_code": code, "shown": as_shown(warnings_beside(code))} if is_asked else None
    form = ReleaseForm(None if is_asked else request.POST, initial=known)
    view = contact_views([contact], member, now)[0]
    if form.is_valid():
        with form.blaming():
            release_contact(closing_said(contact.person_code, form), member, now)
            say_next(request, "followup.contact.released", name=view.callee.name)
            return see_other("office_followups")
    context = {"member": member, "view": view, "form": form}
    return render(request, "office/release_contact.html", context, status=form.status)
