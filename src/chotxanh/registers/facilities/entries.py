"""Facilities and their authorisations as the office records them: payloads and storing, in any order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.kinds import LEADS
from chotxanh.protocol.envelope import Code, Line, Time, check_time
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, follow, register
from chotxanh.registers.facilities.models import Authorisation, Facility, Interruption
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert_missing, upsert

OFFICE = Who(roles=LEADS, nodes=PROVINCE)


class FacilityRegistered(msgspec.Struct, frozen=True):
    """A health facility, known to entries by its code."""

    facility: Code
    name: Annotated[Line, Meta(min_length=1, max_length=200)]
    address: Annotated[Line, Meta(max_length=300)] = ""


class FacilityAuthorised(msgspec.Struct, frozen=True):
    """The facility may sample and test from a time on, by this document."""

    facility: Code
    since: Time
    document: Annotated[Line, Meta(min_length=1, max_length=200)]
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


class AuthorisationRow(NamedTuple):
    """One authorisation."""

    id: UUID
    facility: str
    since: datetime
    until: datetime | None
    document: str


class InterruptionRow(NamedTuple):
    """One suspension or reinstatement."""

    id: UUID
    facility: str
    is_suspension: bool
    at: datetime


_FACILITIES = Table(Facility, FacilityRow)
AUTHORISATIONS = Table(Authorisation, AuthorisationRow)
INTERRUPTIONS = Table(Interruption, InterruptionRow)


def check_times(facts: Any, _personal: None) -> None:
    """Check the times. Raises Problem("time_out_of_range")."""
    for name in ("since", "until", "at"):
        moment = getattr(facts, name, None)
        if moment is not None:
            check_time(moment)


def apply_registered(happenings: Sequence[Happening[FacilityRegistered, None]], _touched: Touched) -> None:
    """Store facilities; of several entries about one the latest stands, whatever came first."""
    known = {
        row.code: row for row in lookup(_FACILITIES, "code", [item.facts.facility for item in happenings])
    }
    for item in happenings:
        row = FacilityRow(
            item.facts.facility, item.facts.name, item.facts.address, item.id, item.effective_at
        )
        before = known.get(row.code)
        if before is None or (before.registered_at, before.entry) <= (row.registered_at, row.entry):
            known[row.code] = row
    upsert(_FACILITIES, list(known.values()))


def apply_authorised(happenings: Sequence[Happening[FacilityAuthorised, None]], touched: Touched) -> None:
    """Store authorisations."""
    rows = [
        AuthorisationRow(
            item.id, item.facts.facility, item.facts.since, item.facts.until, item.facts.document
        )
        for item in happenings
    ]
    insert_missing(AUTHORISATIONS, rows)
    for row in rows:
        touched.judge_again("facility", row.facility)


def apply_interruptions(
    happenings: Sequence[Happening[FacilitySuspended | FacilityReinstated, None]], touched: Touched
) -> None:
    """Store suspensions and reinstatements."""
    rows = [
        InterruptionRow(
            item.id, item.facts.facility, isinstance(item.facts, FacilitySuspended), item.facts.at
        )
        for item in happenings
    ]
    insert_missing(INTERRUPTIONS, rows)
    for row in rows:
        touched.judge_again("facility", row.facility)


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(REGISTERED, AUTHORISED, SUSPENDED, REINSTATED)
    follow([FacilityRegistered], apply_registered)
    follow([FacilityAuthorised], apply_authorised)
    follow([FacilitySuspended, FacilityReinstated], apply_interruptions)


_CODE, _AT = "ttyt-phu-my", "2021-07-25T01:05:00.000Z"
REGISTERED = KindRow(
    "facility.registered",
    FacilityRegistered,
    OFFICE,
    "A health facility is known by this code and name.",
    ("Ghi tên cơ sở y tế", "Facility registered"),
    {"facility": _CODE, "name": "Trung tâm Y tế thị xã Phú Mỹ", "address": "Phú Mỹ"},
)
AUTHORISED = KindRow(
    "facility.authorised",
    FacilityAuthorised,
    OFFICE,
    "A facility may sample and test, by a document.",
    ("Cho phép cơ sở xét nghiệm", "Facility authorised"),
    {"facility": _CODE, "since": _AT, "document": "QĐ 123/QĐ-SYT", "until": None},
    check=check_times,
    changes_judging=True,
)
SUSPENDED = KindRow(
    "facility.suspended",
    FacilitySuspended,
    OFFICE,
    "A facility may not sample and test for the time being.",
    ("Tạm dừng cơ sở", "Facility suspended"),
    {"facility": _CODE, "at": _AT, "reason": "inspection"},
    check=check_times,
    changes_judging=True,
)
REINSTATED = KindRow(
    "facility.reinstated",
    FacilityReinstated,
    OFFICE,
    "A suspended facility may sample and test again.",
    ("Cho phép cơ sở trở lại", "Facility reinstated"),
    {"facility": _CODE, "at": _AT},
    check=check_times,
    changes_judging=True,
)
