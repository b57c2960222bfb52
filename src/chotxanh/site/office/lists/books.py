"""The workbooks that people take home: the template of a kind of list, and the answer to one that was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chotxanh.language.formats import show_number
from chotxanh.language.texts import LANGUAGES, catalogue, problem_sentence, text
from chotxanh.protocol.bodies import SHEET_MIB
from chotxanh.sheets.checked import Checked, cells_read
from chotxanh.sheets.columns import Column, Row
from chotxanh.sheets.writing import AnswerRow, Words, answer, template
from chotxanh.site.office.lists.kept import LookedOver
from chotxanh.site.office.lists.kinds import ListKind

RESULT = "result"


def template_book(kind: ListKind, now: datetime) -> bytes:
    """Return the empty sheet of a kind as it is at `now` (UTC), with its examples."""
    params = {"most": show_number(kind.most_rows), "megabytes": SHEET_MIB}
    words = Words(
        sheet=text("lists.sheet"),
        example_sheet=text("lists.sheet_example"),
        lists_sheet=text("lists.sheet_lists"),
        about=(
            *(text(f"lists.about_{each}", **params) for each in ("rows", "needed", "formulas", "size")),
            text(kind.word("about_sheet")),
        ),
        list_title=text("lists.list_title"),
        list_refused=text("lists.list_refused"),
    )
    return template(words, kind.columns(now), kind.examples(now))


def known_columns(kind: ListKind, now: datetime) -> list[Column]:
    """Return the columns that a sheet of this kind may have: its own, and those that an answer adds."""
    return [*kind.columns(now), *kind.given(), result_column()]


def own_sheets() -> set[str]:
    """Return what the sheets of our own workbooks are called, in every language."""
    return {
        catalogue()[key][language]
        for key in ("lists.sheet_example", "lists.sheet_lists")
        for language in LANGUAGES
    }


def result_column() -> Column:
    """The first column of an answer; of a sheet that is sent again it is read over."""
    headings = catalogue()["lists.column.result"]
    return Column(RESULT, text("lists.column.result"), tuple(headings.values()), is_needed=False)


def answer_book(looked: LookedOver, now: datetime) -> bytes:
    """Return the rows as they were sent, the first column saying what became of each."""
    kind = looked.kind
    columns, given = kind.columns(now), kind.given()
    rows = [
        _answered(looked, checked, row, columns, given)
        for checked, row in zip(looked.rows, looked.kept.table.rows, strict=True)
    ]
    return answer(text("lists.sheet"), result_column(), given, columns, rows)


def result_of(looked: LookedOver, row: Checked[Any]) -> str:
    """Return what became of a row, in one sentence or several."""
    if row.mistakes:
        return " ".join(row.mistakes)
    if problem := looked.problem(row):
        return problem_sentence(problem)
    done = row.is_done or looked.outcome(row) is not None
    return " ".join((text("lists.recorded_row") if done else text("lists.good_row"), *row.warnings))


def _answered(
    looked: LookedOver, checked: Checked[Any], row: Row, columns: Sequence[Column], given: Sequence[Column]
) -> AnswerRow:
    texts, _ = cells_read(row, [*given, *columns])
    new = looked.given(checked) or [texts[each.name] for each in given]
    return AnswerRow(
        result_of(looked, checked),
        tuple(new),
        tuple(texts[each.name] for each in columns),
        is_good=not checked.mistakes and not looked.problem(checked),
    )
