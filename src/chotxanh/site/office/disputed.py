"""Disputed tubes: a lead says which sampling and which result stand, and when they really were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden, Moment
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_time
from chotxanh.registers.staff.models import Member
from chotxanh.results.queries import disputed_tubes
from chotxanh.results.resolutions import TubeWord, resolve_collection, resolve_result
from chotxanh.site.office.door import for_leads, led_facilities, said, say_next
from chotxanh.site.office.tube_pages import Recorded, TubePage, tube_pages

RESOLVE = {"collection": resolve_collection, "result": resolve_result}


@dataclass(frozen=True)
class RecordOption(Option):
    """A record that may stand."""

    record: Recorded


def _records(label: str) -> Choice:
    """The question which of a tube's records stands; the records are given for each tube."""
    return Choice(options=(), label=label, missing="choice_missing", template="office/stands.html")


class StandsForm(Form):
    """Which of a tube's records stands, and its time where that must be put right."""

    texts = "office"
    blames = {"time_out_of_range": "confirm_time"}

    facility = Hidden()
    tube = Hidden()
    about = Hidden()
    stands = _records("office.collections")
    confirm_time = Moment(is_optional=True)


class ResultStandsForm(StandsForm):
    """Which result stands."""

    stands = _records("office.results")


FORMS = {"collection": StandsForm, "result": ResultStandsForm}


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def disputed(request: HttpRequest, member: Member) -> HttpResponse:
    """List the tubes; record a decision on one."""
    tubes = tube_pages(disputed_tubes(led_facilities(member)))
    forms = {tube: _forms(tube, number, request) for number, tube in enumerate(tubes, start=1)}
    asked: Form | None = next((form for each in forms.values() for form in each if form.is_bound), None)
    if request.method == "POST" and asked is None:
        asked = Form({})
        asked.refuse(Problem("entry_unknown"))
    elif asked is not None and asked.is_valid():
        with asked.blaming():
            about, tube = _decide(asked, member)
            say_next(request, f"office.resolved_{about}", tube=tube)
            return see_other("office_disputed")
    context = {
        "page": "disputed",
        "member": member,
        "said": said(request),
        "tubes": forms.items(),
        "form": asked,
    }
    return render(request, "office/disputed.html", context, status=asked.status if asked else HTTPStatus.OK)


def _decide(asked: Form, member: Member) -> tuple[str, str]:
    about, tube = asked.cleaned_data["about"], asked.cleaned_data["tube"]
    stands = next(each for each in _records_of(asked) if str(each.id) == asked.cleaned_data["stands"])
    at: datetime = asked.cleaned_data["confirm_time"] or stands.at
    RESOLVE[about](TubeWord(asked.cleaned_data["facility"], tube, stands.id, at), member, timezone.now())
    return about, tube


def _records_of(form: Form) -> list[Recorded]:
    stands = form.fields["stands"]
    assert isinstance(stands, Choice)
    assert callable(stands.options)
    return [option.record for option in stands.options() if isinstance(option, RecordOption)]


def _forms(tube: TubePage, number: int, request: HttpRequest) -> list[StandsForm]:
    """The questions about one tube; the one that was answered keeps what was typed."""
    asked = [("collection", tube.collections), ("result", tube.results)]
    return [_form(tube, about, records, number, request) for about, records in asked if records]


def _form(
    tube: TubePage, about: str, records: Sequence[Recorded], number: int, request: HttpRequest
) -> StandsForm:
    names = {"facility": tube.facility, "tube": tube.tube, "about": about}
    is_answered = all(request.POST.get(name) == value for name, value in names.items())
    form = FORMS[about](request.POST if is_answered else None, initial=names, stem=f"{about}-{number}-")
    form.offer("stands", lambda: [RecordOption(str(each.id), each.word, each) for each in records])
    form.fill_hint("confirm_time", example=show_time(records[0].at))
    return form
