"""Tests: by which method, for what, on which specimens, and in how large a pool."""

from collections.abc import Sequence
from datetime import datetime

from chotxanh.domain.methods import DCC_TYPES, Method, Purpose, SpecimenType
from chotxanh.domain.pools import LARGEST_POOL
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Boxes, Choice
from chotxanh.forms.fields import Number, Text
from chotxanh.forms.form import Form
from chotxanh.language.texts import text
from chotxanh.registers.kits.models import ListedTest
from chotxanh.registers.kits.testing import TestListed, TestWithdrawn
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import (
    Kept,
    Register,
    Row,
    Said,
    Typed,
    code_from,
    kept_until,
    number_of,
    record_all,
)

LONGEST_LOINC = 10


def loinc_in(typed: str) -> str:
    """Return a code of LOINC as it is written: digits, a dash, a check digit. Raises Problem("loinc_invalid")."""
    number, _, check = typed.partition("-")
    is_code = typed.isascii() and number.isdigit() and check.isdigit()
    if not is_code or len(number) > 7 or len(check) != 1:
        raise Problem("loinc_invalid")
    return typed


class TestForm(Form):
    """A test; what certificates call its type follows from its method."""

    __test__ = False  # no test of ours
    texts = "registers"

    test_name = Text(longest=200)
    test = Choice(options=[each.value for each in Method], layout="choices-row")
    purpose = Choice(options=[each.value for each in Purpose], layout="choices-row")
    specimen_types = Boxes(options=[each.value for each in SpecimenType])
    largest_pool = Number(least=1, most=LARGEST_POOL)
    loinc = Text(parse=loinc_in, longest=LONGEST_LOINC, size="short")
    naat_name = Text(longest=80, is_optional=True, size="medium")


def kept(now: datetime, _led: Led) -> Kept:
    """Return every test: those in use, and those withdrawn."""
    return kept_until(ListedTest.objects.order_by("name", "id"), "withdrawn_at", now)


def draw(tests: Sequence[ListedTest], now: datetime) -> list[Row]:
    """Draw tests."""
    return [_row(test, now) for test in tests]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """List a test."""
    method = Method(typed["test"])
    test = TestListed(
        code=code_from(typed["test_name"]),
        name=typed["test_name"],
        method=method,
        purpose=Purpose(typed["purpose"]),
        loinc=typed["loinc"],
        dcc_type=DCC_TYPES[method],
        specimen_types=[SpecimenType(each) for each in typed["specimen_types"]],
        largest_pool=typed["largest_pool"],
        dcc_device=typed["naat_name"] or None,
    )
    record_all([test], member, now)
    return Said("registers.test_added", {"name": test.name})


def withdraw(id: str, member: Member, now: datetime) -> Said:
    """Withdraw a test. Raises Problem("entry_unknown")."""
    found = ListedTest.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    record_all([TestWithdrawn(found.id, now)], member, now)
    return Said("registers.test_withdrawn", {"name": found.name})


def _row(test: ListedTest, now: datetime) -> Row:
    is_used = test.withdrawn_at is None or now < test.withdrawn_at
    cells = (
        text(f"registers.test.{test.method}"),
        text(f"registers.purpose.{test.purpose}"),
        ", ".join(text(f"registers.specimen_types.{each}") for each in test.specimen_types),
        text("registers.pool_of", most=test.largest_pool),
        test.loinc,
    )
    return Row(str(test.id), test.name, cells, ("withdraw_test",) if is_used else ())


REGISTER = Register(
    "tests",
    TestForm,
    (
        "registers.test",
        "registers.purpose",
        "registers.specimen_types",
        "registers.largest_pool",
        "registers.loinc",
    ),
    kept,
    draw,
    add,
    {"withdraw_test": withdraw},
)
