"""Duty numbers as the office sets them: payloads, storing, and which one stands."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.protocol.envelope import Code, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, check_times
from chotxanh.registers.duties.models import DutyNumber
from chotxanh.storage.rows import Table, upsert


class DutyOf(StrEnum):
    """Who or what has a duty number; the province's code is its scheme's."""

    FACILITY = "facility"
    SITE = "site"
    LOCALITY = "locality"
    PROVINCE = "province"


class DutySet(msgspec.Struct, frozen=True):
    """Whom to call from a time on; the number stands in the personal part, though it is given to everybody."""

    of: DutyOf
    code: Code
    since: Time


class DutyPersonal(msgspec.Struct, frozen=True):
    """The number, and who answers it if that is said."""

    salt: Annotated[str, Meta(min_length=20, max_length=64)]
    phone: Annotated[str, Meta(pattern=r"\A\+?[0-9]{3,15}\Z")]
    full_name: Annotated[str, Meta(max_length=200)] | None = None


class _DutyRow(NamedTuple):
    id: UUID
    of: str
    code: str
    phone: str
    since: datetime


_DUTIES = Table(DutyNumber, _DutyRow)


def apply_duties(happenings: Sequence[Happening[DutySet, DutyPersonal]], _touched: Touched) -> None:
    """Store duty numbers; one whose personal part was erased has none."""
    rows = [
        _DutyRow(
            id=item.id,
            of=item.facts.of.value,
            code=item.facts.code,
            phone=item.personal.phone if item.personal else "",
            since=item.facts.since,
        )
        for item in happenings
    ]
    upsert(_DUTIES, rows)


def duty_number(of: DutyOf, code: str, at: datetime) -> str:
    """Return the number to call at `at` (UTC); empty where none was set."""
    known = DutyNumber.objects.filter(of=of.value, code=code, since__lte=at).order_by("-since", "-id").first()
    return known.phone if known else ""


def province_number(at: datetime) -> str:
    """Return the number of the province's own duty officer at `at` (UTC); empty where none was set."""
    known = (
        DutyNumber.objects.filter(of=DutyOf.PROVINCE.value, since__lte=at).order_by("-since", "-id").first()
    )
    return known.phone if known else ""


def number_to_call(facility: str, at: datetime) -> str:
    """Return whom to call about what a facility answers for at `at` (UTC): its own number, else the province's.

    Empty where neither was set.
    """
    return (duty_number(DutyOf.FACILITY, facility, at) if facility else "") or province_number(at)


def register_kinds() -> None:
    """Declare the kind this register owns."""
    register(SET)
    follow([DutySet], apply_duties)


SET = KindRow(
    "duty.set",
    DutySet,
    OFFICE,
    "Whom to call for a facility, a site, a locality or the province.",
    ("Đặt số trực", "Duty number set"),
    {"of": "site", "code": "ql51-xe-tai", "since": "2021-07-25T01:05:00.000Z"},
    personal=DutyPersonal,
    example_personal={"salt": "AAECAwQFBgcICQoLDA0ODw", "phone": "02543123456", "full_name": None},
    check=check_times,
)
