"""Test kits and their reading windows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chotxanh.domain.pools import LARGEST_POOL
from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import LongText, Number, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option
from chotxanh.language.texts import text
from chotxanh.registers.kits.entries import KitListed, KitWithdrawn, PoolProtocol
from chotxanh.registers.kits.models import Kit, ListedTest
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


def lots_in(typed: str) -> list[str]:
    """Return the lots, one a line. Raises Problem("lot_invalid")."""
    lots = typed.split()
    if any(len(lot) > 40 or not lot.isascii() or not lot.replace("-", "").isalnum() for lot in lots):
        raise Problem("lot_invalid")
    return lots


def test_options() -> list[Option]:
    """Return the tests that kits can be of, those in use."""
    tests = ListedTest.objects.filter(withdrawn_at=None).order_by("name", "id")
    return [Option(str(test.id), test.name) for test in tests]


test_options.__test__ = False  # type: ignore[attr-defined]  # no test of ours


class KitForm(Form):
    """A kit and the minutes within which it may be read."""

    texts = "registers"
    blames = {"window_invalid": "read_until", "pool_protocol_missing": "pool_protocol"}
    folded = ("jrc_number", "pool_protocol", "pool_most")
    folded_title = "registers.more_of_kit"

    kit_name = Text(longest=200)
    kit_test = Choice(options=test_options)
    read_from = Number(most=10_000)
    read_until = Number(most=10_000)
    lots = LongText(parse=lots_in, is_optional=True)
    jrc_number = Text(longest=10, is_optional=True, size="short")
    pool_protocol = Text(longest=200, is_optional=True, size="medium")
    pool_most = Number(least=1, most=LARGEST_POOL, is_optional=True)


def kept(now: datetime, _led: Led) -> Kept:
    """Return every kit: those in use, and those withdrawn."""
    return kept_until(Kit.objects.order_by("name", "id"), "withdrawn_at", now)


def draw(kits: Sequence[Kit], now: datetime) -> list[Row]:
    """Draw kits."""
    names = dict(ListedTest.objects.filter(id__in={kit.test for kit in kits}).values_list("id", "name"))
    return [_row(kit, names, now) for kit in kits]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """List a kit. Raises Problem: `window_invalid`, `pool_protocol_missing`."""
    if typed["read_until"] <= typed["read_from"]:
        raise Problem("window_invalid")
    kit = KitListed(
        code=code_from(typed["kit_name"]),
        name=typed["kit_name"],
        test=UUID(typed["kit_test"]),
        earliest=typed["read_from"],
        latest=typed["read_until"],
        lots=typed["lots"] or [],
        dcc_device=typed["jrc_number"] or None,
        pool=_protocol(typed["pool_protocol"], typed["pool_most"]),
    )
    record_all([kit], member, now)
    return Said("registers.kit_added", {"name": kit.name})


def withdraw(id: str, member: Member, now: datetime) -> Said:
    """Withdraw a kit. Raises Problem("entry_unknown")."""
    found = Kit.objects.filter(id=number_of(id)).first()
    if found is None:
        raise Problem("entry_unknown")
    record_all([KitWithdrawn(found.id, now)], member, now)
    return Said("registers.kit_withdrawn", {"name": found.name})


def _protocol(document: str, most: int | None) -> PoolProtocol | None:
    """What approved pools; pools without a document are approved by nobody."""
    if bool(document) is not bool(most):
        raise Problem("pool_protocol_missing")
    return PoolProtocol(document, most) if most else None


def _row(kit: Kit, names: Mapping[UUID, str], now: datetime) -> Row:
    is_used = kit.withdrawn_at is None or now < kit.withdrawn_at
    window = text("registers.window_of", first=kit.earliest, last=kit.latest)
    pool = text("registers.pool_by", most=kit.largest_pool, document=kit.pool_protocol)
    cells = (
        names.get(kit.test, str(kit.test)),
        window,
        ", ".join(kit.lots),
        pool if kit.largest_pool else "",
    )
    return Row(str(kit.id), kit.name, cells, ("withdraw_kit",) if is_used else ())


REGISTER = Register(
    "kits",
    KitForm,
    ("registers.kit_test", "registers.window", "registers.lots", "registers.pool_protocol"),
    kept,
    draw,
    add,
    {"withdraw_kit": withdraw},
)
