"""Facilities: named, authorised by a document from a day on, suspended and let back."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chotxanh.domain.methods import Method, methods_said
from chotxanh.domain.problems import Problem
from chotxanh.forms.fields import Day, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.facilities.authority import (
    FacilityAuthority,
    authority_of,
    is_authorised_in_the_database,
)
from chotxanh.registers.facilities.entries import (
    AUTHORISED,
    FacilityAuthorised,
    FacilityRegistered,
    FacilityReinstated,
    FacilitySuspended,
)
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.methods import method_boxes, methods_shown
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    code_from,
    end_of,
    record_all,
    start_of,
)


class FacilityForm(Form):
    """A facility and the document that allows it to test."""

    texts = "registers"

    facility_name = Text(longest=200)
    address = Text(longest=300, is_optional=True)
    document = Text(longest=200)
    methods = method_boxes("registers.facility_methods")
    since = Day(is_optional=True)
    until = Day(is_optional=True)


def facility_options() -> list[Option]:
    """Return the facilities to choose from, by name."""
    return [Option(each.code, each.name) for each in Facility.objects.order_by("name")]


def kept(now: datetime, _led: Led) -> Kept:
    """Return every facility: those that may test now, and those that may not."""
    may_test = is_authorised_in_the_database(now)
    facilities = Facility.objects.order_by("name", "code")
    return Kept(facilities.filter(may_test), facilities.filter(~may_test))


def draw(facilities: Sequence[Facility], now: datetime) -> list[Row]:
    """Draw facilities."""
    known = authority_of([each.code for each in facilities])
    return [_row(each, known[each.code], now) for each in facilities]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """Register and authorise a facility. A name that is known already is authorised anew.

    Its address stays where none is typed.
    """
    name = typed["facility_name"]
    known = Facility.objects.filter(name=name).first()
    codes = list(Facility.objects.values_list("code", flat=True))
    code = known.code if known else code_from(name, codes)
    address = typed["address"] or (known.address if known else "")
    record_all(
        [
            FacilityRegistered(code, name, address),
            FacilityAuthorised(
                code,
                start_of(typed["since"], now),
                typed["document"],
                [Method(each) for each in typed["methods"]],
                end_of(typed["until"]),
            ),
        ],
        member,
        now,
    )
    return Said("registers.facility_added", {"name": name})


def suspend(code: str, member: Member, now: datetime) -> Said:
    """Stop a facility. Raises Problem("entry_unknown")."""
    record_all([FacilitySuspended(_known(code).code, now, "other")], member, now)
    return Said("registers.facility_suspended", {"name": _known(code).name})


def reinstate(code: str, member: Member, now: datetime) -> Said:
    """Let a facility test again. Raises Problem("entry_unknown")."""
    record_all([FacilityReinstated(_known(code).code, now)], member, now)
    return Said("registers.facility_reinstated", {"name": _known(code).name})


def _known(code: str) -> Facility:
    found = Facility.objects.filter(code=code).first()
    if found is None:
        raise Problem("entry_unknown")
    return found


def _row(facility: Facility, known: FacilityAuthority, now: datetime) -> Row:
    documents = [event for event in known.events if event.what == AUTHORISED]
    last = max(documents, key=lambda event: event.since, default=None)
    words = last.document if last else ""
    until = show_time(last.until) if last and last.until else text("registers.without_end")
    cells = ("; ".join(_states(known, now)), _methods(known, now), words, until)
    if not known.has_document(now):  # letting it back would not let it test
        anew = {"facility_name": facility.name, "address": facility.address}
        return Row(facility.code, facility.name, cells, anew=anew)
    act = "reinstate" if known.is_suspended(now) else "suspend"
    return Row(facility.code, facility.name, cells, (act,))


def _methods(known: FacilityAuthority, now: datetime) -> str:
    """Say by which methods its documents let it test now; nothing of one without a document in force."""
    if not known.has_document(now):
        return ""
    methods = methods_said(Method(each) for each in known.methods(now))
    return methods_shown(methods) or text("registers.facility_methods_none")


def _states(known: FacilityAuthority, now: datetime) -> Iterator[str]:
    """Say why a facility may not test now; nothing of one that may, or that never had a document."""
    if known.is_suspended(now):
        yield text("registers.state.suspended")
    starts = [event.since for event in known.events if event.what == AUTHORISED]
    if starts and not known.has_document(now):
        yield text("registers.state.not_yet" if max(starts) > now else "registers.state.over")


REGISTER = Register(
    "facilities",
    FacilityForm,
    ("registers.state", "registers.facility_methods", "registers.document", "registers.ends"),
    kept,
    draw,
    add,
    {"suspend": suspend, "reinstate": reinstate},
)
