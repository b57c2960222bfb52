"""Registers of codes as the office lists them; a code that is not listed is shown as it is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.protocol.envelope import Code, Line
from chotxanh.protocol.kinds import Happening, KindRow, Touched, follow, register
from chotxanh.registers.codes.models import ListedCode
from chotxanh.registers.dated import OFFICE, keep_latest
from chotxanh.storage.rows import Table

Words = Annotated[Line, Meta(min_length=1, max_length=120)]


class CodeListed(msgspec.Struct, frozen=True):
    """A code of a register (category, vehicle class, reason ...), in two languages, in the order people read it."""

    register: Code
    code: Code
    vi: Words
    en: Words
    position: Annotated[int, Meta(ge=0, le=1000)] = 0


class _CodeRow(NamedTuple):
    key: str
    register: str
    code: str
    vi: str
    en: str
    position: int
    entry: UUID
    listed_at: datetime


_CODES = Table(ListedCode, _CodeRow)


def apply_listed(happenings: Sequence[Happening[CodeListed, None]], _touched: Touched) -> None:
    """Store codes; of several entries about one the latest stands, whatever came first."""
    keep_latest(_CODES, [_row(item) for item in happenings], lambda row: (row.listed_at, row.entry))


def words_for(register_name: str) -> dict[str, dict[str, str]]:
    """Return the words of every listed code of a register, by code, in the order people read them."""
    listed = ListedCode.objects.filter(register=register_name)
    return {each.code: {"vi": each.vi, "en": each.en} for each in listed}


def register_kinds() -> None:
    """Declare the kind this register owns."""
    register(LISTED)
    follow([CodeListed], apply_listed)


def _key(facts: CodeListed) -> str:
    return f"{facts.register}/{facts.code}"


def _row(item: Happening[CodeListed, None]) -> _CodeRow:
    facts = item.facts
    return _CodeRow(
        key=_key(facts),
        register=facts.register,
        code=facts.code,
        vi=facts.vi,
        en=facts.en,
        position=facts.position,
        entry=item.id,
        listed_at=item.effective_at,
    )


LISTED = KindRow(
    "code.listed",
    CodeListed,
    OFFICE,
    "A code of a register has these words.",
    ("Đưa mã vào danh mục", "Code listed"),
    {
        "register": "category",
        "code": "goods_driver",
        "vi": "Người vận chuyển hàng hóa",
        "en": "Goods driver",
        "position": 1,
    },
)
