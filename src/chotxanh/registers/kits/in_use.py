"""The tests and kits that a station may choose from: those in use at a time."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from chotxanh.registers.kits.models import Kit, ListedTest


class OfferedKit(TypedDict):
    """A kit: its window in minutes after the test was started, how many may share a tube, and its lots."""

    id: UUID
    name: str
    earliest: int
    latest: int
    largest_pool: int
    lots: list[str]


class OfferedTest(TypedDict):
    """A test with its kits; `largest_pool` holds where it has none."""

    id: UUID
    name: str
    method: str
    largest_pool: int
    kits: list[OfferedKit]


def tests_in_use(at: datetime) -> list[OfferedTest]:
    """Return the tests in use at `at` (UTC), rapid ones first, each with its kits in use, by name."""
    kits = list(Kit.objects.exclude(withdrawn_at__lte=at).order_by("name", "id"))
    return [
        {
            "id": test.id,
            "name": test.name,
            "method": test.method,
            "largest_pool": test.largest_pool,
            "kits": [_offered(kit, test.largest_pool) for kit in kits if kit.test == test.id],
        }
        for test in ListedTest.objects.exclude(withdrawn_at__lte=at).order_by("method", "name", "id")
    ]


def _offered(kit: Kit, largest_pool: int) -> OfferedKit:
    return {
        "id": kit.id,
        "name": kit.name,
        "earliest": kit.earliest,
        "latest": kit.latest,
        "largest_pool": kit.largest_pool or largest_pool,
        "lots": kit.lots,
    }
