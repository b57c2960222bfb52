"""Duty numbers by a sheet: the rows are read by the register's own form and recorded as the register records them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.names import fold
from chotxanh.domain.problems import Problem
from chotxanh.forms.options import Option, OptionGroup
from chotxanh.forms.sheet_rows import row_mistakes
from chotxanh.language.texts import LANGUAGES, catalogue, problem_sentence, text
from chotxanh.registers.duties.entries import DutyOf
from chotxanh.registers.staff.leading import Led
from chotxanh.registers.staff.models import Member
from chotxanh.sheets.checked import Checked, cells_read
from chotxanh.sheets.columns import Column, Row, Sort
from chotxanh.site.office.lists.kinds import ListKind, Outcome
from chotxanh.site.office.registers import duties
from chotxanh.site.office.registers.register import serves_province
from chotxanh.site.office.registers.staff import PROVINCE, place_options

MOST_ROWS = 300
_ALL = Led(is_province=True)
_EXAMPLE_PHONES = ("0254 3852 111", "0912 345 678")


def may_set(member: Member, now: datetime) -> bool:
    """Whether a member may write the register now."""
    return serves_province(member, LEADS, now)


def columns_at(_now: datetime) -> list[Column]:
    """Return the columns of the sheet."""
    return [
        _column("place", options=tuple(each.label for each in _places()), width=40),
        _column("duty_phone", sort=Sort.PHONE),
        _column("since", is_needed=False),
    ]


def examples_at(_now: datetime) -> list[list[str]]:
    """Return rows as they are to be filled in."""
    return [[place.label, phone, ""] for place, phone in zip(_places(), _EXAMPLE_PHONES, strict=False)]


def check_rows(rows: Sequence[Row], at: datetime) -> list[Checked[Mapping[str, Any]]]:
    """Return what each row sets, or what must be mended; what stands already so (at `at`, UTC) is passed over."""
    columns, known = columns_at(at), _values()
    standing = {(each.of, each.code, each.phone) for each in duties.kept(at, _ALL).in_force}
    checked, first = [], dict[str, int]()
    for row in rows:
        one = _check_row(row, columns, known)
        if one.read is not None:
            place = str(one.read["place"])
            if _said(one.read) in standing:
                one = Checked(one.number, one.title, is_done=True)
            elif (earlier := first.setdefault(place, row.number)) != row.number:
                one = Checked(one.number, one.title, (problem_sentence("row_place_repeated", row=earlier),))
        checked.append(one)
    return checked


def record_rows(
    rows: Sequence[Checked[Any]], member: Member, _sent_at: datetime, now: datetime
) -> list[Outcome]:
    """Record the rows one by one, as the register's own page does."""
    return [_record(row.read, member, now) for row in rows if row.read is not None]


def _record(read: Mapping[str, Any], member: Member, now: datetime) -> Outcome:
    try:
        duties.add(read, member, now)
    except Problem as problem:
        return Outcome(problem=problem.code)
    return Outcome()


def _check_row(row: Row, columns: Sequence[Column], known: Mapping[str, str]) -> Checked[Mapping[str, Any]]:
    written, problems = cells_read(row, columns)
    title, of_cells = written["place"], dict(problems)
    if title and fold(title) not in known:
        of_cells.setdefault("place", Problem("cell_not_offered"))
    form = duties.DutyForm({**written, "place": known.get(fold(title), "")})
    form.is_valid()
    mistakes = row_mistakes(form, of_cells, columns)
    return Checked(row.number, title, mistakes, read=None if mistakes else form.cleaned_data)


def _said(read: Mapping[str, Any]) -> tuple[str, str, str]:
    kind, _, code = str(read["place"]).partition(":")
    return DutyOf(kind), code or PROVINCE, str(read["duty_phone"])


def _places() -> Iterator[Option]:
    for each in place_options():
        yield from each.options if isinstance(each, OptionGroup) else (each,)


def _values() -> dict[str, str]:
    return {fold(each.label): each.value for each in _places()}


def _column(name: str, **shape: Any) -> Column:
    heading = f"lists.column.{name}"
    also = tuple(catalogue()[heading][language] for language in LANGUAGES)
    return Column(name, text(heading), also, hint=text(f"lists.hint.{name}"), **shape)


DUTIES = ListKind(
    "duties",
    MOST_ROWS,
    may_set,
    columns_at,
    list,
    examples_at,
    check_rows,
    record_rows,
)
