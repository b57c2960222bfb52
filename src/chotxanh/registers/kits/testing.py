"""Tests as the office lists and withdraws them: payloads and storing, in any order of arrival."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.methods import DCC_TYPES, DccType, Method, Purpose, SpecimenType
from chotxanh.domain.pools import LARGEST_POOL
from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import Code, Line, Time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.dated import OFFICE, Endings, check_times
from chotxanh.registers.kits.models import ListedTest, TestWithdrawal
from chotxanh.storage.rows import Table, as_json, upsert

PoolSize = Annotated[int, Meta(ge=1, le=LARGEST_POOL)]
Device = Annotated[Line, Meta(min_length=1, max_length=80)]
JUDGED_AGAIN = "kits"


class TestListed(msgspec.Struct, frozen=True):
    """A test may be done: by which method and for what, on which specimens, and in how large a pool.

    `loinc` is its code in LOINC, `dcc_type` and `dcc_device` what a certificate of the EU says of it (`tt`, `nm`).
    """

    code: Code
    name: Annotated[Line, Meta(min_length=1, max_length=200)]
    method: Method
    purpose: Purpose
    loinc: Annotated[str, Meta(pattern=r"\A[0-9]{1,7}-[0-9]\Z")]
    dcc_type: DccType
    specimen_types: Annotated[list[SpecimenType], Meta(min_length=1, max_length=10)]
    largest_pool: PoolSize
    dcc_device: Device | None = None


class TestWithdrawn(msgspec.Struct, frozen=True):
    """A test is not done from a time on."""

    test: UUID
    at: Time


# Its name must not make pytest collect them.
TestListed.__test__ = TestWithdrawn.__test__ = False  # type: ignore[attr-defined]


class TestRow(NamedTuple):
    """One test as it stands."""

    id: UUID
    code: str
    name: str
    method: str
    purpose: str
    loinc: str
    dcc_type: str
    specimen_types: Any
    largest_pool: int
    dcc_device: str
    listed_at: datetime
    withdrawn_at: datetime | None


TestRow.__test__ = False  # type: ignore[attr-defined]


class _WithdrawalRow(NamedTuple):
    id: UUID
    test: UUID
    at: datetime


TESTS = Table(ListedTest, TestRow)
_WITHDRAWALS = Endings(Table(TestWithdrawal, _WithdrawalRow), of="test")


def check_test(facts: TestListed, _personal: None) -> None:
    """Check that a certificate would name the method. Raises Problem("dcc_type_wrong")."""
    if facts.dcc_type != DCC_TYPES[facts.method]:
        raise Problem("dcc_type_wrong")


def apply_listed(happenings: Sequence[Happening[TestListed, None]], touched: Touched) -> None:
    """Store tests; deeds that named them before they were known are judged again."""
    upsert(TESTS, [_row(item) for item in happenings])
    _WITHDRAWALS.reckon(TESTS, "withdrawn_at", [item.id for item in happenings])
    touched.judge_again("register", JUDGED_AGAIN)


def apply_withdrawn(happenings: Sequence[Happening[TestWithdrawn, None]], _touched: Touched) -> None:
    """Store withdrawals; one that comes before its test waits for it."""
    _WITHDRAWALS.store([_WithdrawalRow(item.id, item.facts.test, item.facts.at) for item in happenings])
    _WITHDRAWALS.reckon(TESTS, "withdrawn_at", [item.facts.test for item in happenings])


def register_kinds() -> None:
    """Declare the kinds of tests."""
    register(LISTED, WITHDRAWN)
    follow([TestListed], apply_listed)
    follow([TestWithdrawn], apply_withdrawn)


def _row(item: Happening[TestListed, None]) -> TestRow:
    facts = item.facts
    return TestRow(
        id=item.id,
        code=facts.code,
        name=facts.name,
        method=facts.method.value,
        purpose=facts.purpose.value,
        loinc=facts.loinc,
        dcc_type=facts.dcc_type.value,
        specimen_types=as_json(facts.specimen_types),
        largest_pool=facts.largest_pool,
        dcc_device=facts.dcc_device or "",
        listed_at=item.effective_at,
        withdrawn_at=None,
    )


LISTED = KindRow(
    "test.listed",
    TestListed,
    OFFICE,
    "A test may be done, by its method and on its specimens.",
    ("Đưa xét nghiệm vào danh mục", "Test listed"),
    {
        "code": "rt-pcr",
        "name": "RT-PCR SARS-CoV-2",
        "method": "rt_pcr",
        "purpose": "confirmatory",
        "loinc": "94500-6",
        "dcc_type": "LP6464-4",
        "specimen_types": ["nasopharyngeal"],
        "largest_pool": 10,
        "dcc_device": "LightPower iVA SARS-CoV-2",
    },
    check=check_test,
    changes_judging=True,
)
WITHDRAWN = KindRow(
    "test.withdrawn",
    TestWithdrawn,
    OFFICE,
    "A test is not done any more.",
    ("Ngừng dùng xét nghiệm", "Test withdrawn"),
    {"test": "017adaf0-0000-7000-8000-000000000048", "at": "2021-07-25T01:05:00.000Z"},
    check=check_times,
)
