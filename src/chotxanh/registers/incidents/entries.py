"""Incidents of personal data: the kinds, what is stored, and until when the authority must be told.

The authority is told within 72 hours of noticing (Law 91/2025/QH15 on the protection of personal data).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.kinds import PROTECTORS
from chotxanh.protocol.envelope import Line, Time
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, follow, register
from chotxanh.registers.dated import check_times
from chotxanh.registers.incidents.models import Incident, IncidentStep
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, add_missing, upsert

TOLD_WITHIN = timedelta(hours=72)


class IncidentKind(StrEnum):
    """What has happened to personal data."""

    SEEN = "seen"
    TAKEN = "taken"
    LOST = "lost"
    CHANGED = "changed"
    MISSENT = "missent"
    OTHER = "other"


class Step(StrEnum):
    """What is done about an incident."""

    REPORTED = "reported"
    TOLD = "told"
    CLOSED = "closed"


class IncidentRecorded(msgspec.Struct, frozen=True):
    """Personal data was seen, taken, lost or changed: noticed when, of about how many, and the paper that describes it.

    What happened to whom stands in that paper and never here.
    """

    what: IncidentKind
    people: Annotated[int, Meta(ge=0, le=100_000_000)]
    noticed_at: Time
    document: Annotated[Line, Meta(max_length=100)] = ""


class IncidentFollowed(msgspec.Struct, frozen=True):
    """The authority was told, those concerned were told, or the incident is closed."""

    incident: UUID
    step: Step
    at: Time


class _IncidentRow(NamedTuple):
    id: UUID
    what: str
    people: int
    document: str
    noticed_at: datetime


class _StepRow(NamedTuple):
    id: UUID
    incident: UUID
    step: str
    at: datetime


_INCIDENTS = Table(Incident, _IncidentRow)
_STEPS = Table(IncidentStep, _StepRow)


def apply_incidents(happenings: Sequence[Happening[IncidentRecorded, None]], _touched: Touched) -> None:
    """Store incidents, with what was said of them before."""
    rows = [
        _IncidentRow(
            item.id, item.facts.what.value, item.facts.people, item.facts.document, item.facts.noticed_at
        )
        for item in happenings
    ]
    upsert(_INCIDENTS, rows)
    _reckon({item.id for item in happenings})


def apply_steps(happenings: Sequence[Happening[IncidentFollowed, None]], _touched: Touched) -> None:
    """Store what was done."""
    rows = [
        _StepRow(item.id, item.facts.incident, item.facts.step.value, item.facts.at) for item in happenings
    ]
    add_missing(_STEPS, rows)
    _reckon({row.incident for row in rows})


def due_at(incident: Incident) -> datetime:
    """Return until when the authority must be told (UTC)."""
    return incident.noticed_at + TOLD_WITHIN


def _reckon(incidents: Collection[UUID]) -> None:
    earliest: dict[tuple[UUID, str], datetime] = {}
    for row in lookup(_STEPS, "incident", sorted(incidents)):
        key = (row.incident, f"{row.step}_at")
        earliest[key] = min(row.at, earliest.get(key, row.at))
    for (incident, column), at in sorted(earliest.items()):
        Incident.objects.filter(id=incident).update(**{column: at})


def register_kinds() -> None:
    """Declare the kinds of this register."""
    register(RECORDED, FOLLOWED)
    follow([IncidentRecorded], apply_incidents)
    follow([IncidentFollowed], apply_steps)


# The data protection officer is who is told of it, and answers for the 72 hours; it names nobody and changes no result.
WATCHERS = Who(roles=PROTECTORS, nodes=PROVINCE)
RECORDED = KindRow(
    "incident.recorded",
    IncidentRecorded,
    WATCHERS,
    "Something happened to personal data, and was noticed.",
    ("Ghi sự cố dữ liệu", "Incident recorded"),
    {"what": "seen", "people": 3, "noticed_at": "2021-07-25T01:05:00.000Z", "document": "12/BC-SYT"},
    check=check_times,
)
FOLLOWED = KindRow(
    "incident.followed",
    IncidentFollowed,
    WATCHERS,
    "What was done about an incident of personal data.",
    ("Xử lý sự cố dữ liệu", "Incident followed"),
    {
        "incident": "017adaf0-0000-7000-8000-000000000049",
        "step": "reported",
        "at": "2021-07-25T01:05:00.000Z",
    },
    check=check_times,
)
