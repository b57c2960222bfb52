"""Test kits as the office lists and withdraws them: payloads and storing, in any order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import Code, Line, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, Endings, check_times
from chotxanh.registers.kits import testing
from chotxanh.registers.kits.models import Kit, KitWithdrawal
from chotxanh.registers.kits.testing import JUDGED_AGAIN, Device, PoolSize
from chotxanh.storage.rows import Table, as_json, upsert

Minutes = Annotated[int, Meta(ge=0, le=10_000)]
# Shared by the kinds that name a lot.
Lot = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._/-]{1,40}\Z")]


class PoolProtocol(msgspec.Struct, frozen=True):
    """What approved pools with this kit, and how many people they may have."""

    document: Annotated[Line, Meta(min_length=1, max_length=200)]
    largest: PoolSize


class KitListed(msgspec.Struct, frozen=True):
    """A kit may be used: its `test.listed`, and the minutes after its start within which its line may be read.

    `dcc_device` is its number in the list of the EU's Joint Research Centre. Without a `pool` its test's limit holds.
    """

    code: Code
    name: Annotated[Line, Meta(min_length=1, max_length=200)]
    test: UUID
    earliest: Minutes
    latest: Minutes
    lots: Annotated[list[Lot], Meta(max_length=200)] = []
    dcc_device: Device | None = None
    pool: PoolProtocol | None = None


class KitWithdrawn(msgspec.Struct, frozen=True):
    """A kit may not be used from a time on."""

    kit: UUID
    at: Time


class KitRow(NamedTuple):
    """One kit as it stands."""

    id: UUID
    code: str
    name: str
    test: UUID
    earliest: int
    latest: int
    lots: Any
    dcc_device: str
    pool_protocol: str
    largest_pool: int | None
    listed_at: datetime
    withdrawn_at: datetime | None


class _WithdrawalRow(NamedTuple):
    id: UUID
    kit: UUID
    at: datetime


KITS = Table(Kit, KitRow)
_WITHDRAWALS = Endings(Table(KitWithdrawal, _WithdrawalRow), of="kit")


def check_kit(facts: KitListed, _personal: None) -> None:
    """Check the window. Raises Problem("window_invalid")."""
    if facts.latest <= facts.earliest:
        raise Problem("window_invalid")


def apply_listed(happenings: Sequence[Happening[KitListed, None]], touched: Touched) -> None:
    """Store kits; deeds that named them before they were known are judged again."""
    upsert(KITS, [_row(item) for item in happenings])
    _WITHDRAWALS.reckon(KITS, "withdrawn_at", [item.id for item in happenings])
    touched.judge_again("register", JUDGED_AGAIN)


def apply_withdrawn(happenings: Sequence[Happening[KitWithdrawn, None]], _touched: Touched) -> None:
    """Store withdrawals; one that comes before its kit waits for it."""
    _WITHDRAWALS.store([_WithdrawalRow(item.id, item.facts.kit, item.facts.at) for item in happenings])
    _WITHDRAWALS.reckon(KITS, "withdrawn_at", [item.facts.kit for item in happenings])


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    testing.register_kinds()
    register(LISTED, WITHDRAWN)
    follow([KitListed], apply_listed)
    follow([KitWithdrawn], apply_withdrawn)


def _row(item: Happening[KitListed, None]) -> KitRow:
    facts = item.facts
    return KitRow(
        id=item.id,
        code=facts.code,
        name=facts.name,
        test=facts.test,
        earliest=facts.earliest,
        latest=facts.latest,
        lots=as_json(facts.lots),
        dcc_device=facts.dcc_device or "",
        pool_protocol=facts.pool.document if facts.pool else "",
        largest_pool=facts.pool.largest if facts.pool else None,
        listed_at=item.effective_at,
        withdrawn_at=None,
    )


LISTED = KindRow(
    "kit.listed",
    KitListed,
    OFFICE,
    "A test kit may be used, and is read within its window.",
    ("Đưa bộ xét nghiệm vào danh mục", "Test kit listed"),
    {
        "code": "standard-q",
        "name": "Standard Q COVID-19 Ag",
        "test": "017adaf0-0000-7000-8000-000000000049",
        "earliest": 15,
        "latest": 30,
        "lots": ["QCO3021"],
        "dcc_device": "345",
        "pool": {"document": "QĐ 12/QĐ-SYT", "largest": 5},
    },
    check=check_kit,
    changes_judging=True,
)
WITHDRAWN = KindRow(
    "kit.withdrawn",
    KitWithdrawn,
    OFFICE,
    "A test kit may not be used any more.",
    ("Ngừng dùng bộ xét nghiệm", "Test kit withdrawn"),
    {"kit": "017adaf0-0000-7000-8000-000000000045", "at": "2021-07-25T01:05:00.000Z"},
    check=check_times,
)
