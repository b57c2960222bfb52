"""Test kits and their reading windows."""

from collections.abc import Sequence
from datetime import datetime

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import LongText, Number, Text
from chotxanh.forms.form import Form
from chotxanh.language.texts import text
from chotxanh.registers.kits.entries import KitListed, KitWithdrawn
from chotxanh.registers.kits.models import Kit
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


class KitForm(Form):
    """A kit and the minutes within which it may be read."""

    texts = "registers"
    blames = {"window_invalid": "read_until"}

    kit_name = Text(longest=200)
    test = Choice(options=["ag_rapid"])
    read_from = Number(most=10_000)
    read_until = Number(most=10_000)
    lots = LongText(parse=lots_in, is_optional=True)


def kept(now: datetime, _led: Led) -> Kept:
    """Return every kit: those in use, and those withdrawn."""
    return kept_until(Kit.objects.order_by("name", "id"), "withdrawn_at", now)


def draw(kits: Sequence[Kit], now: datetime) -> list[Row]:
    """Draw kits."""
    return [_row(kit, now) for kit in kits]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """List a kit. Raises Problem("window_invalid")."""
    if typed["read_until"] <= typed["read_from"]:
        raise Problem("window_invalid")
    kit = KitListed(
        code=code_from(typed["kit_name"]),
        name=typed["kit_name"],
        test=typed["test"],
        read_from=typed["read_from"],
        read_until=typed["read_until"],
        lots=typed["lots"] or [],
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


def _row(kit: Kit, now: datetime) -> Row:
    is_used = kit.withdrawn_at is None or now < kit.withdrawn_at
    window = text("registers.window_of", first=kit.read_from, last=kit.read_until)
    cells = (text(f"registers.test.{kit.test}"), window, ", ".join(kit.lots))
    return Row(str(kit.id), kit.name, cells, ("withdraw_kit",) if is_used else ())


REGISTER = Register(
    "kits",
    KitForm,
    ("registers.test", "registers.window", "registers.lots"),
    kept,
    draw,
    add,
    {"withdraw_kit": withdraw},
)
