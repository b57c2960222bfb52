"""One person, for leads of the whole province: put right, linked and unlinked; each look is written down.

The data protection officer opens them too, always masked, reads who looked, and erases on request; no more.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.access_log import looks_at, note_looks
from chotxanh.domain.problems import Problem
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.erasing import erased_at
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.claims import claims_of
from chotxanh.people.correcting import correct_registration, has_company
from chotxanh.people.linking import link_registrations
from chotxanh.people.models import Registration
from chotxanh.people.payloads import RegistrationUnlinked
from chotxanh.registers.staff.models import Member
from chotxanh.results.erasing import erase_registration
from chotxanh.site.office.door import for_leads, for_protectors, led_by, said, say_next
from chotxanh.site.office.look_lines import look_lines
from chotxanh.site.office.paging import page_of
from chotxanh.site.office.people_shown import others_claiming, same_as, shown_person
from chotxanh.site.office.person_forms import (
    CorrectAmongForm,
    CorrectForm,
    EraseForm,
    LinkForm,
    LinkProposedForm,
    UnlinkForm,
)
from chotxanh.site.office.proposals_shown import shown_beside, shown_proposals

LOOK, FULL_LOOK = "person", "person_full"
DONE = {"correct": "corrected", "link": "linked", "unlink": "unlinked", "erase": "erased"}


@dataclass(frozen=True)
class Act:
    """The words around a form about one person, by their keys."""

    name: str

    @property
    def title(self) -> str:
        """The title of its page."""
        return f"office.person_{self.name}_title"

    @property
    def heading(self) -> str:
        """What is done, to whom."""
        return f"office.person_{self.name}_of"

    @property
    def lead(self) -> str:
        """What follows from it."""
        return f"office.person_{self.name}_lead"

    @property
    def button(self) -> str:
        """What is pressed."""
        return f"office.person_{self.name}_save"


@require_http_methods(["GET", "HEAD", "POST"])
@for_protectors
def person(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """Show one registration, masked; pressed, everything to a lead. Raises Problem: `entry_unknown`, `not_allowed`."""
    known, is_full = _known(registration), request.method == "POST"
    if is_full:
        _for_province(member)
    same, others = same_as(known), others_claiming(known)
    resembling = shown_proposals(known) if led_by(member).is_province else None
    seen = {known.person_code, *(each.plain_code for each, _ in same)}
    seen |= resembling.codes if resembling else set()
    note_looks(member.id, seen, LOOK, timezone.now())
    if is_full:
        note_looks(member.id, {known.person_code}, FULL_LOOK, timezone.now())
    shown = shown_person(known, masked=not is_full)
    context = {
        "page": "people",
        "member": member,
        "said": said(request),
        "shown": shown,
        "erased_at": erased_at(known.id) if shown.is_erased else None,
        "is_full": is_full,
        "same": same,
        "others": others,
        "resembling": resembling,
    }
    return render(request, "office/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def correct(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """Ask what is put right and why, and record it. Raises Problem: `entry_unknown`, `not_allowed`."""
    known, now = _known_to_lead(registration, member), timezone.now()
    today = now.astimezone(VIETNAM).date()
    form_of = CorrectAmongForm if has_company(known.id, known.person_code) else CorrectForm
    form = form_of(request.POST if request.method == "POST" else None, today=today)

    def correct_it() -> None:
        is_apart = bool(form.cleaned_data.get("others_apart"))
        correct_registration(*form.correction_of(known), now, member.id, is_apart=is_apart)

    return _carry_out(request, _Asked(member, known, form, Act("correct")), correct_it)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def link(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """Ask with whom a registration is one person, and record it. Raises Problem: `entry_unknown`, `not_allowed`."""
    known, now = _known_to_lead(registration, member), timezone.now()
    form = LinkForm(request.POST if request.method == "POST" else None)

    def link_them() -> None:
        other = _owner_of(form.cleaned_data["link_code"], is_sure=True)
        if other == known.id:
            raise Problem("person_code_invalid")
        link_registrations(known.id, other, form.cleaned_data["link_reason"], now, member.id)

    return _carry_out(request, _Asked(member, known, form, Act("link")), link_them)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def link_proposed(request: HttpRequest, member: Member, registration: UUID, other: UUID) -> HttpResponse:
    """Show two registrations side by side, ask how it is known that they are one person's, and record it.

    Raises Problem: `entry_unknown`, `not_allowed`.
    """
    known, beside, now = _known_to_lead(registration, member), _known(other), timezone.now()
    if known.id == beside.id:
        raise Problem("entry_unknown")
    form = LinkProposedForm(request.POST if request.method == "POST" else None)
    asked = _Asked(member, known, form, Act("link"), beside)
    return _carry_out(
        request,
        asked,
        lambda: link_registrations(known.id, beside.id, form.cleaned_data["link_reason"], now, member.id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def unlink(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """Ask how it is known that a registration is nobody else's, and record it. Raises Problem likewise."""
    known = _known_to_lead(registration, member)
    form = UnlinkForm(request.POST if request.method == "POST" else None)
    asked = _Asked(member, known, form, Act("unlink"))
    return _act(
        request, asked, lambda: Deed(RegistrationUnlinked(known.id, form.cleaned_data["link_reason"]))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_protectors
def erase(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """Ask why a registration's personal data is erased, and erase it. Raises Problem likewise."""
    known, now = _known(registration), timezone.now()
    form = EraseForm(request.POST if request.method == "POST" else None)
    asked = _Asked(member, known, form, Act("erase"))
    return _carry_out(
        request,
        asked,
        lambda: erase_registration(known, form.cleaned_data["erasure_basis"], now, member.id),
    )


@require_safe
@for_protectors
def looks(request: HttpRequest, member: Member, registration: UUID) -> HttpResponse:
    """List who has looked at a person, the latest first; this look is one more. Raises Problem likewise."""
    known = _known(registration)
    note_looks(member.id, {known.person_code}, LOOK, timezone.now())
    shown = page_of(request, looks_at(known.person_code))
    context = {
        "page": "people",
        "member": member,
        "person": shown_person(known, masked=True),
        "shown": shown,
        "is_shared": len(claims_of([known.person_code])[known.person_code].registrations) > 1,
        "lines": look_lines(list(shown.object_list)),
    }
    return render(request, "office/person_looks.html", context)


@dataclass(frozen=True)
class _Asked:
    """A form about one person, before a lead; `beside` is the other where it is about two."""

    member: Member
    person: Registration
    form: Form
    act: Act
    beside: Registration | None = None


def _act(request: HttpRequest, asked: _Asked, deed: Callable[[], Deed]) -> HttpResponse:
    """Show the form of an act, or record its deed and lead back to the person."""
    now = timezone.now()
    return _carry_out(request, asked, lambda: record_deeds([replace(deed(), actor=asked.member.id)], now))


def _carry_out(request: HttpRequest, asked: _Asked, act: Callable[[], object]) -> HttpResponse:
    form, now = asked.form, timezone.now()
    if form.is_valid():
        with form.blaming():
            act()
            say_next(request, f"office.person_{DONE[asked.act.name]}_done")
            return see_other("office_person", registration=asked.person.id)
    shown = {asked.person.person_code, *([asked.beside.person_code] if asked.beside else [])}
    note_looks(asked.member.id, shown, LOOK, now)
    context = {
        "page": "people",
        "member": asked.member,
        "form": form,
        "act": asked.act,
        "shown": shown_person(asked.person, masked=True),
        "beside": shown_beside(asked.person, asked.beside) if asked.beside else None,
        "other": shown_person(asked.beside, masked=True) if asked.beside else None,
    }
    return render(request, "office/person_act.html", context, status=form.status)


def _known_to_lead(registration: UUID, member: Member) -> Registration:
    """The way from a lead's request to a person. Raises Problem: `entry_unknown`, `not_allowed`."""
    _for_province(member)
    return _known(registration)


def _known(registration: UUID) -> Registration:
    """Return a registration. Raises Problem("entry_unknown")."""
    known = Registration.objects.filter(id=registration).first()
    if known is None:
        raise Problem("entry_unknown")
    return known


def _owner_of(code: str, *, is_sure: bool = False) -> UUID:
    """Return whose a code is. Raises Problem: `person_unknown`; with `is_sure` also `code_claimed_twice`."""
    claims = claims_of([code])[code]
    if claims.owner is None:
        raise Problem("person_unknown")
    if is_sure and claims.waits:
        raise Problem("code_claimed_twice")
    return claims.owner


def _for_province(member: Member) -> None:
    """A person is of no one place. Raises Problem("not_allowed") for whoever leads a part of the province."""
    if not led_by(member).is_province:
        raise Problem("not_allowed")
