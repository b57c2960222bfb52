"""Facilities and their authorisations as the office records them: payloads and storing, in any order of arrival."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.methods import Method, methods_said
from chotxanh.protocol.envelope import Code, Line, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, check_times, keep_latest
from chotxanh.registers.facilities.models import Facility, FacilityEvent
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, add_missing


class FacilityRegistered(msgspec.Struct, frozen=True):
    """A health facility, known to entries by its code."""

    facility: Code
    name: Annotated[Line, Meta(min_length=1, max_length=200)]
    address: Annotated[Line, Meta(max_length=300)] = ""


class FacilityAuthorised(msgspec.Struct, frozen=True):
    """The facility may sample, and test by these methods, from a time on, by this document.

    Rapid tests and RT-PCR are allowed apart: who screens does not confirm for that (2022/QĐ-BYT). Without a method it
    samples alone.
    """

    facility: Code
    since: Time
    document: Annotated[Line, Meta(min_length=1, max_length=200)]
    methods: Annotated[list[Method], Meta(max_length=len(Method))]
    until: Time | None = None


class FacilitySuspended(msgspec.Struct, frozen=True):
    """The facility may not sample and test from a time on; what it did before stays."""

    facility: Code
    at: Time
    reason: Literal["inspection", "quality", "request", "other"]


class FacilityReinstated(msgspec.Struct, frozen=True):
    """The facility may sample and test again from a time on; what it did in between stays marked."""

    facility: Code
    at: Time


class FacilityRow(NamedTuple):
    """One facility as it stands."""

    code: str
    name: str
    address: str
    entry: UUID
    registered_at: datetime


class EventRow(NamedTuple):
    """One authorisation, suspension or reinstatement."""

    id: UUID
    facility: str
    what: str
    since: datetime
    until: datetime | None
    document: str
    methods: str = ""


_FACILITIES = Table(Facility, FacilityRow)
EVENTS = Table(FacilityEvent, EventRow)
AUTHORISED, SUSPENDED, REINSTATED = "authorised", "suspended", "reinstated"


def facility_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of these facilities, by code."""
    return {facility.code: facility.name for facility in lookup(_FACILITIES, "code", codes)}


def apply_registered(happenings: Sequence[Happening[FacilityRegistered, None]], _touched: Touched) -> None:
    """Store facilities; of several entries about one the latest stands, whatever came first."""
    rows = [
        FacilityRow(item.facts.facility, item.facts.name, item.facts.address, item.id, item.effective_at)
        for item in happenings
    ]
    keep_latest(_FACILITIES, rows, lambda row: (row.registered_at, row.entry))


def apply_events(
    happenings: Sequence[Happening[FacilityAuthorised | FacilitySuspended | FacilityReinstated, None]],
    touched: Touched,
) -> None:
    """Store authorisations, suspensions and reinstatements."""
    rows = [_event_row(item) for item in happenings]
    add_missing(EVENTS, rows)
    for row in rows:
        touched.judge_again("facility", row.facility)


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(*KINDS)
    follow([FacilityRegistered], apply_registered)
    follow([FacilityAuthorised, FacilitySuspended, FacilityReinstated], apply_events)


def _event_row(item: Happening[Any, None]) -> EventRow:
    facts = item.facts
    if isinstance(facts, FacilityAuthorised):
        return EventRow(
            item.id,
            facts.facility,
            AUTHORISED,
            facts.since,
            facts.until,
            facts.document,
            methods_said(facts.methods),
        )
    what = SUSPENDED if isinstance(facts, FacilitySuspended) else REINSTATED
    return EventRow(item.id, facts.facility, what, facts.at, until=None, document="")


_CODE, _AT = "ttyt-phu-my", "2021-07-25T01:05:00.000Z"
KINDS = (
    KindRow(
        "facility.registered",
        FacilityRegistered,
        OFFICE,
        "A health facility is known by this code and name.",
        ("Ghi tên cơ sở y tế", "Facility registered"),
        {"facility": _CODE, "name": "Trung tâm Y tế thị xã Phú Mỹ", "address": "Phú Mỹ"},
    ),
    KindRow(
        "facility.authorised",
        FacilityAuthorised,
        OFFICE,
        "A facility may sample, and test by these methods, by a document.",
        ("Cho phép cơ sở xét nghiệm", "Facility authorised"),
        {
            "facility": _CODE,
            "since": _AT,
            "document": "QĐ 123/QĐ-SYT",
            "methods": ["ag_rapid"],
            "until": None,
        },
        check=check_times,
        changes_judging=True,
    ),
    KindRow(
        "facility.suspended",
        FacilitySuspended,
        OFFICE,
        "A facility may not sample and test for the time being.",
        ("Đình chỉ cơ sở", "Facility suspended"),
        {"facility": _CODE, "at": _AT, "reason": "inspection"},
        check=check_times,
        changes_judging=True,
    ),
    KindRow(
        "facility.reinstated",
        FacilityReinstated,
        OFFICE,
        "A suspended facility may sample and test again.",
        ("Cho phép cơ sở trở lại", "Facility reinstated"),
        {"facility": _CODE, "at": _AT},
        check=check_times,
        changes_judging=True,
    ),
)
