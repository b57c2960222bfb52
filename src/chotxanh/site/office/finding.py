"""Finding people at the office by what they are known by: a press, then a list at an address that names nobody.

What is sought is kept beside the database for an hour, sealed, for the member who typed it: it stands in no address and
in no log. Each search is written down, and each person on its list; whoever searches too often waits.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chotxanh.beside.access_log import note_access, note_looks
from chotxanh.beside.drafts import draft_of, keep_draft
from chotxanh.beside.limits import PEOPLE_SEARCHES
from chotxanh.beside.throttle import take
from chotxanh.declarations import queries
from chotxanh.domain.problems import Problem
from chotxanh.domain.sought import LONGEST_SOUGHT, By, Sought, read_sought
from chotxanh.forms.fields import Number, Text
from chotxanh.forms.form import Form
from chotxanh.forms.redirects import SeeOther, see_other
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import text
from chotxanh.people.claims import claims_of
from chotxanh.registers.staff.models import Member
from chotxanh.site.look_lines import SEARCH, search_subject
from chotxanh.site.office.door import for_protectors, led_by, said, warn_next
from chotxanh.site.office.found_people import MOST_FOUND, find_people, found_rows

LISTED = "person_listed"
OLDEST_YEAR = 1890


class FindForm(Form):
    """Whom to look for: by anything that finds a person, narrowed by a year of birth."""

    texts = "office"
    blames = dict.fromkeys(("person_unknown", "searched_too_often"), "sought")

    sought = Text(longest=LONGEST_SOUGHT, missing="sought_missing")
    born_in = Number(least=OLDEST_YEAR, is_optional=True)

    def __init__(
        self, data: Mapping[str, Any] | None, *, today: date, initial: Mapping[str, Any] | None = None
    ) -> None:
        """`today` is the day in Viet Nam."""
        super().__init__(data, initial=initial)
        sought, born_in = self.fields["sought"], self.fields["born_in"]
        assert isinstance(sought, Text)
        assert isinstance(born_in, Number)
        sought.parse = partial(read_sought, today=today)
        born_in.most = today.year


class _Kept(msgspec.Struct, frozen=True):
    """What somebody searches for, as it was typed."""

    sought: str
    born_in: int | None


_kept = msgspec.json.Decoder(_Kept)


@require_http_methods(["GET", "HEAD", "POST"])
@for_protectors
def find_person(request: HttpRequest, member: Member) -> HttpResponse:
    """Ask whom to look for, and lead to the list, or to whose a code is. Raises Problem("not_allowed")."""
    now = timezone.now()
    form = FindForm(request.POST if request.method == "POST" else None, today=_today(now))
    if form.is_valid():
        with form.blaming():
            take(PEOPLE_SEARCHES, str(member.id), now, otherwise="searched_too_often")
            return _led_to(form, member, now)
    context = {"page": "people", "member": member, "said": said(request), "form": form}
    return render(request, "office/people.html", context, status=form.status)


@require_safe
@for_protectors
def found_people(request: HttpRequest, member: Member, search: str) -> HttpResponse:
    """List whom a search finds now, masked, and write down that each was seen. Raises Problem("not_allowed")."""
    now = timezone.now()
    content = draft_of(_name_of(member, search), now)
    if content is None:
        warn_next(request, "office.search_over")
        return see_other("office_people")
    kept = _kept.decode(content)
    sought = read_sought(kept.sought, _today(now))
    found = find_people(sought, kept.born_in)
    note_looks(member.id, {each.person_code for each in found.registrations}, LISTED, now)
    context = {
        "page": "people",
        "member": member,
        "said": said(request),
        "form": FindForm(None, today=_today(now), initial=msgspec.structs.asdict(kept)),
        "understood": understood(sought),
        "rows": found_rows(found, sees_plates=led_by(member).is_province, is_of_card=sought.is_of_card),
        "is_cut": found.is_cut,
        "most": MOST_FOUND,
        "is_of_late": found.is_of_late,
        "most_journeys": queries.MOST_JOURNEYS,
    }
    return render(request, "office/people.html", context)


def understood(sought: Sought) -> str:
    """Return in words what was typed was taken for."""
    kinds = dict.fromkeys(text(f"office.found_by.{term.by}") for term in sought.terms)
    if sought.is_of_card:
        return text("office.understood_card", kinds=", ".join(kinds))
    return text("office.understood_or").join(kinds)


def _led_to(form: FindForm, member: Member, now: datetime) -> HttpResponse:
    """Lead to a code's owner, or keep the search and lead to its list. Raises Problem("person_unknown")."""
    sought: Sought = form.cleaned_data["sought"]
    if sought.terms[0].by is By.CODE:
        owner = claims_of([sought.terms[0].value])[sought.terms[0].value].owner
        if owner is None:
            raise Problem("person_unknown")
        return see_other("office_person", registration=owner)
    found = find_people(sought, form.cleaned_data["born_in"])
    kinds = list(dict.fromkeys(str(term.by) for term in sought.terms))
    note_access(member.id, search_subject(kinds, len(found.registrations), is_cut=found.is_cut), SEARCH, now)
    search = secrets.token_urlsafe(16)
    kept = _Kept(form["sought"].value(), form.cleaned_data["born_in"])
    keep_draft(_name_of(member, search), msgspec.json.encode(kept), now)
    return SeeOther(f"{reverse('office_found_people', args=[search])}#found")


def _name_of(member: Member, search: str) -> str:
    """Under what a search is kept: nobody else opens it by its address."""
    return f"people {member.id} {search}"


def _today(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()
