"""Reads the rows of a sheet as the declaration's form reads a person: the same rules, the same sentences."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from chotxanh.declarations.forms import PLACES, DeclarationForm, warnings_of
from chotxanh.declarations.lists.columns import ASKED, Asked
from chotxanh.declarations.submission import Declaration
from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.problems import Problem
from chotxanh.forms.sheet_rows import row_mistakes
from chotxanh.language.formats import VIETNAM
from chotxanh.language.texts import catalogue, problem_sentence, text
from chotxanh.registers.posts.roads import road_codes
from chotxanh.sheets.checked import Checked, cells_read
from chotxanh.sheets.columns import Column, Row
from chotxanh.units.places import full_name, may_mean

MOST_PLACES, PLACES_NAMED = 300, 4
CODE = "person_code"  # the column that an answer adds: who has a code was recorded before


def columns_at(now: datetime) -> list[Column]:
    """Return the columns of the sheet, in their order, as people read them now (UTC)."""
    roads = road_codes(now)
    return [each.column(roads) for each in ASKED]


def code_column() -> Column:
    """The column of the code that a person was given."""
    headings = catalogue()[f"lists.column.{CODE}"]
    return Column(CODE, text(f"lists.column.{CODE}"), tuple(headings.values()), is_needed=False, width=20)


def check_rows(rows: Sequence[Row], at: datetime) -> list[Checked[Declaration]]:
    """Return what each row declares on the day of `at` (UTC), or what must be mended in it."""
    day, roads = at.astimezone(VIETNAM).date(), road_codes(at)
    columns = [*columns_at(at), code_column()]
    checked, first, sought = [], dict[str, int](), set[str]()
    for row in rows:
        one = _check_row(row, _Day(columns, day, roads, sought))
        if (
            one.read is not None
            and (earlier := first.setdefault(row_token(one.read, day), row.number)) != row.number
        ):
            one = Checked(one.number, one.title, (problem_sentence("row_repeated", row=earlier),))
        checked.append(one)
    return checked


def row_token(declaration: Declaration, day: date) -> str:
    """The same row sent twice on a day gives the same token, from whatever sheet and by whomever: nobody is doubled."""
    content = msgspec.json.encode(declaration)
    return hashlib.sha256(b"\n".join((b"list", day.isoformat().encode(), content))).hexdigest()


@dataclass(frozen=True)
class _Day:
    """What every row is checked with; `sought` are the places that rows before named."""

    columns: Sequence[Column]
    day: date
    roads: Sequence[str]
    sought: set[str]


def _check_row(row: Row, on: _Day) -> Checked[Declaration]:
    written, problems = cells_read(row, on.columns)
    title = written["full_name"]
    code = parse_code(written.pop(CODE))
    if code is not None and code.type is CodeType.PERSON:
        return Checked(row.number, title, is_done=True)
    data, of_cells = _as_sent(written, problems, on)
    form = DeclarationForm(data, today=on.day, roads=on.roads)
    form.is_valid()
    for field in PLACES:
        if form.codes.get(field) == "place_unclear":
            of_cells[field] = _unclear(written[field])
    if mistakes := row_mistakes(form, of_cells, on.columns):
        return Checked(row.number, title, mistakes)
    # Whoever keeps a list writes Vietnamese; the person's own page can be read in either language.
    declaration = form.declaration("vi")
    warnings = tuple(text(f"warning.{each}") for each in warnings_of(declaration))
    return Checked(row.number, title, warnings=warnings, read=declaration)


def _as_sent(
    written: Mapping[str, str], problems: Mapping[str, Problem], on: _Day
) -> tuple[dict[str, str | list[str]], dict[str, Problem]]:
    """Return a row as a browser sends the form, and the problems of its cells."""
    data, found = dict[str, str | list[str]](), dict(problems)
    for asked in ASKED:
        try:
            data[asked.field] = asked.answer(written[asked.field], on.roads)
            if asked.field in PLACES:
                _count_place(written[asked.field], on.sought)
        except Problem as problem:
            data[asked.field] = _nothing(asked)
            found.setdefault(asked.field, problem)
    return data, found


def _count_place(words: str, sought: set[str]) -> None:
    """Let a list name so many places: to seek one takes as long as to read a hundred rows.

    Raises Problem("cell_places_too_many").
    """
    if words not in sought and len(sought) >= MOST_PLACES:
        raise Problem("cell_places_too_many", most=MOST_PLACES)
    sought.add(words)


def _unclear(words: str) -> Problem:
    """Name the places that are meant perhaps, so that one of them can be copied into the cell."""
    names = "; ".join(full_name(unit) for unit in may_mean(words)[:PLACES_NAMED])
    return Problem("cell_place_unclear", places=names)


def _nothing(asked: Asked) -> str | list[str]:
    return [] if asked.takes_several else ""
