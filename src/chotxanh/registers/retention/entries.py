"""Times of keeping as the office sets them: the payload, storing, and which one stands."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from chotxanh.protocol.envelope import Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, check_times
from chotxanh.registers.retention.models import Retention
from chotxanh.storage.rows import Table, upsert

LEAST_DAYS, MOST_DAYS = 7, 36500


class Category(StrEnum):
    """What is kept for a time of its own."""

    JOURNEYS = "journeys"
    PEOPLE = "people"
    CERTIFICATES = "certificates"
    SET_ASIDE = "set_aside"
    ACCESS_LOG = "access_log"
    FACTS = "facts"


class RetentionSet(msgspec.Struct, frozen=True):
    """For how many days a category is kept, from a time on; `facts` are moved into the archive, the others erased."""

    category: Category
    days: Annotated[int, msgspec.Meta(ge=LEAST_DAYS, le=MOST_DAYS)]
    since: Time


class _RetentionRow(NamedTuple):
    id: UUID
    category: str
    days: int
    since: datetime


_RETENTIONS = Table(Retention, _RetentionRow)


def apply_retentions(happenings: Sequence[Happening[RetentionSet, None]], _touched: Touched) -> None:
    """Store times of keeping."""
    rows = [
        _RetentionRow(item.id, item.facts.category.value, item.facts.days, item.facts.since)
        for item in happenings
    ]
    upsert(_RETENTIONS, rows)


def days_kept(at: datetime) -> dict[Category, int]:
    """Return for how many days each category is kept at a time (UTC); what was never set is absent."""
    begun = Retention.objects.filter(since__lte=at).order_by("since", "id")
    return {Category(category): days for category, days in begun.values_list("category", "days")}


def register_kinds() -> None:
    """Declare the kind this register owns."""
    register(SET)
    follow([RetentionSet], apply_retentions)


SET = KindRow(
    "retention.set",
    RetentionSet,
    OFFICE,
    "For how many days a category of data is kept.",
    ("Đặt thời hạn lưu", "Time of keeping set"),
    {"category": "journeys", "days": 60, "since": "2021-07-25T01:05:00.000Z"},
    check=check_times,
)
