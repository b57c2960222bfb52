"""Registers of codes: what a category, a class of vehicle or a reason is called."""

from collections.abc import Sequence
from datetime import datetime

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Choice
from chotxanh.forms.fields import Number, Text
from chotxanh.forms.form import Form
from chotxanh.language.texts import text
from chotxanh.registers.codes.entries import CodeListed
from chotxanh.registers.codes.models import ListedCode
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.register import Kept, Register, Row, Said, Typed, record_all

REGISTERS = ["category", "vehicle_class", "reason"]


def parse_code(typed: str) -> str:
    """Return a code: small letters, digits and underlines. Raises Problem("code_invalid")."""
    if not typed.isascii() or not typed.replace("_", "").isalnum() or typed != typed.lower():
        raise Problem("code_invalid")
    return typed


class CodeForm(Form):
    """A code with its words in both languages."""

    texts = "registers"

    register = Choice(options=REGISTERS)
    code = Text(parse=parse_code, longest=40, size="short")
    vi = Text(longest=120)
    en = Text(longest=120)
    position = Number(most=1000)


def kept(_now: datetime, _led: Led) -> Kept:
    """Return every code, register by register; none ends."""
    return Kept(ListedCode.objects.all(), ListedCode.objects.none())


def draw(codes: Sequence[ListedCode], _now: datetime) -> list[Row]:
    """Draw codes."""
    return [
        Row(each.key, each.vi, (each.en, text(f"registers.register.{each.register}"), each.code))
        for each in codes
    ]


def add(typed: Typed, member: Member, now: datetime) -> Said:
    """List a code, or name it anew."""
    listed = CodeListed(typed["register"], typed["code"], typed["vi"], typed["en"], typed["position"])
    record_all([listed], member, now)
    return Said("registers.code_added", {"name": listed.vi})


REGISTER = Register(
    "codes", CodeForm, ("registers.en", "registers.register", "registers.code"), kept, draw, add
)
