"""One tube: a lead says which sampling and which result stand and when they really were, or takes one back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chotxanh.beside.access_log import note_looks
from chotxanh.certificates.queries import ended_at
from chotxanh.domain.grounds import Grounds
from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import tube_key
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Hidden, Moment
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.forms.redirects import see_other
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.registers.staff.models import Member
from chotxanh.results.disputes import key_of_record, recorded_tubes
from chotxanh.results.resolutions import Seen, TubeWord, resolve_collection, resolve_result
from chotxanh.site.office.claimed_codes import WhoForm, say_who, who_forms
from chotxanh.site.office.door import SAID, for_leads, led_by, said, say_next, warn_next
from chotxanh.site.office.grounds import grounds_choice
from chotxanh.site.office.tube_pages import Recorded, TubePage, people_in, tube_page

# Of this many records in one tube, each with its id of 36 characters, a dot, its marks and a blank, a form can tell.
MOST_RECORDS = 100
PURPOSE = "disputed_tube"
RESOLVE = {"collection": resolve_collection, "result": resolve_result}
REASONS: tuple[str, ...] = get_args(get_type_hints(EntryWithdrawn)["reason"])


@dataclass(frozen=True)
class RecordOption(Option):
    """A record that may stand."""

    record: Recorded


def _records(label: str) -> Choice:
    """The question which of a tube's records stands; the records are given for each tube."""
    return Choice(options=(), label=label, missing="choice_missing", template="office/stands.html")


def as_shown(records: Iterable[Seen]) -> str:
    """Write down what a page shows, for its form to carry."""
    return " ".join(f"{each.entry}.{each.marks}" for each in sorted(records))


def _read_shown(typed: str) -> frozenset[Seen]:
    """Read what a page showed. Raises Problem("request_unreadable")."""
    parts = [each.partition(".") for each in typed.split()]
    try:
        return frozenset(Seen(UUID(entry), int(marks)) for entry, _, marks in parts)
    except ValueError:
        raise Problem("request_unreadable") from None


class StandsForm(Form):
    """Which of a tube's records stands, and its time where that must be put right.

    It carries which records were shown, and how they were marked: a word counts for these alone. Once more have
    arrived, or one is marked otherwise, it is asked anew.
    """

    texts = "office"
    blames = dict.fromkeys(("time_out_of_range", "time_in_future", "time_too_late"), "confirm_time") | {
        "more_arrived": "stands",
        "ruling_own": "stands",
    }

    about = Hidden()
    shown = Hidden(parse=_read_shown, longest=MOST_RECORDS * 42, template="office/shown_records.html")
    stands = _records("office.collections")
    confirm_time = Moment(is_optional=True)
    grounds = grounds_choice()

    def clean(self) -> dict[str, Any]:
        """Refuse a choice among fewer records than there are now, and ask for it anew."""
        shown = self.cleaned_data.get("shown")
        if shown is not None and not shown >= _read_shown(self.initial["shown"]):
            self.refuse(Problem("more_arrived"))
            self.data = {**self.typed(), "stands": "", "grounds": ""}
        return self.cleaned_data


class ResultStandsForm(StandsForm):
    """Which result stands."""

    stands = _records("office.results")


class WithdrawForm(Form):
    """Why a record should not have been."""

    texts = "office"

    withdraw_reason = Choice(options=REASONS, missing="withdraw_reason_missing")


FORMS = {"collection": StandsForm, "result": ResultStandsForm}


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def disputed_tube(request: HttpRequest, member: Member, facility: str, barcode: str) -> HttpResponse:
    """Show a tube with its history; record a lead's decision on it.

    Raises Problem: `entry_unknown` of a tube that is not known or not led, or no longer disputed; `not_allowed`.
    """
    tube = _tube(tube_key(facility, barcode), member)
    forms: list[Form] = [
        _form(tube, about, request) for about in FORMS if about in tube.open and tube.not_withdrawn(about)
    ]
    forms += who_forms(tube.waiting, request)
    asked = next((form for form in forms if form.is_bound), None)
    if request.method == "POST" and asked is None:
        raise Problem("entry_unknown")
    if asked is not None and asked.is_valid():
        with asked.blaming():
            about = _decide(asked, tube, member)
            _say_decided(request, text(f"office.resolved_{about}", tube=barcode), tube)
            return _next(tube)
    context = {
        "page": "disputed",
        "member": member,
        "said": said(request),
        "tube": tube,
        "forms": forms,
        "form": asked,
    }
    return render(request, "office/disputed_tube.html", context, status=asked.status if asked else None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def withdraw(request: HttpRequest, member: Member, entry: UUID) -> HttpResponse:
    """Ask for the reason, then take a sampling or a result back; it stays in the tube's history.

    Raises Problem: `entry_unknown` of one that is not known, not led, or may not be taken back; `not_allowed`.
    """
    tube = _tube(key_of_record(entry), member)
    record = next((each for each in tube.withdrawable if each.id == entry), None)
    if record is None:
        raise Problem("entry_unknown")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form.blaming():
            withdrawal = EntryWithdrawn(entry, form.cleaned_data["withdraw_reason"])
            withdraw_entry(withdrawal, member, timezone.now())
            say_next(request, "office.withdrawn_done", tube=tube.barcode)
            return _next(tube)
    context = {"page": "disputed", "member": member, "tube": tube, "record": record, "form": form}
    return render(request, "office/withdraw.html", context, status=form.status)


def _tube(key: str, member: Member) -> TubePage:
    """The way from a request to a tube, whose page names people: a look is logged. Raises Problem("entry_unknown")."""
    tube = recorded_tubes([key])[0]
    is_known = bool(tube.collections or tube.results)
    if not is_known or not led_by(member).covers(tube.place):
        raise Problem("entry_unknown")
    note_looks(member.id, people_in(tube), PURPOSE, timezone.now())
    return tube_page(tube)


def _say_decided(request: HttpRequest, done: str, tube: TubePage) -> None:
    """Keep what was decided for the next page, with a warning where its papers have run out already (finding H22)."""
    over_at = ended_at(tube_key(tube.facility, tube.barcode), timezone.now())
    if over_at is None:
        request.session[SAID] = done
    else:
        warn_next(request, "office.paper_over_already", done=done, time=show_time(over_at))


def _next(tube: TubePage) -> HttpResponse:
    """Lead on: to the same tube while something about it is open, else to the list."""
    key = tube_key(tube.facility, tube.barcode)
    if recorded_tubes([key])[0].reasons:
        return see_other("office_disputed_tube", facility=tube.facility, barcode=tube.barcode)
    return see_other("office_disputed")


def _decide(asked: Form, tube: TubePage, member: Member) -> str:
    if isinstance(asked, WhoForm):
        return say_who(asked, tube_key(tube.facility, tube.barcode), member, timezone.now())
    about: str = asked.cleaned_data["about"]
    stands = next(each for each in tube.not_withdrawn(about) if str(each.id) == asked.cleaned_data["stands"])
    at: datetime = asked.cleaned_data["confirm_time"] or stands.at
    typed = asked.cleaned_data
    word = TubeWord(tube.facility, tube.barcode, stands.id, at, typed["shown"], Grounds(typed["grounds"]))
    RESOLVE[about](word, member, timezone.now())
    return about


def _form(tube: TubePage, about: str, request: HttpRequest) -> StandsForm:
    """The question about one tube's samplings or results; the one that was answered keeps what was typed."""
    records: Sequence[Recorded] = tube.not_withdrawn(about)
    is_answered = request.POST.get("about") == about
    shown = as_shown(each.seen for each in tube.records if each.about == about)
    initial = {"about": about, "shown": shown}
    form = FORMS[about](request.POST if is_answered else None, initial=initial, stem=f"{about}-")
    form.offer("stands", lambda: [RecordOption(str(each.id), each.word, each) for each in records])
    form.fill_hint("confirm_time", example=show_time(records[0].at))
    return form
