"""A row of a sheet read by a form: its mistakes as sentences, each behind the heading of its column."""

from collections.abc import Mapping, Sequence

from chotxanh.domain.problems import Problem
from chotxanh.forms.form import Form
from chotxanh.language.texts import problem_sentence
from chotxanh.sheets.columns import Column


def row_mistakes(form: Form, cells: Mapping[str, Problem], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return what must be mended in a row. Of a cell with a problem of its own (`cells`) the form's is not said."""
    said = []
    for column in columns:
        if problem := cells.get(column.name):
            said.append(_of(column, problem_sentence(problem.code, **problem.params)))
        else:
            said += [_of(column, str(sentence)) for sentence in form.errors.get(column.name, ())]
    return (*said, *map(str, form.non_field_errors()))


def _of(column: Column, sentence: str) -> str:
    """Name the column first, where the sentence does not begin with it itself."""
    begins = sentence.casefold().startswith(column.title.casefold())
    return sentence if begins else f"{column.title}: {sentence}"
