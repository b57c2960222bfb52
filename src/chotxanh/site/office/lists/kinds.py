"""What every list by sheet has: its columns, how its rows are checked, and how the good ones are recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from chotxanh.registers.staff.models import Member
from chotxanh.sheets.checked import Checked
from chotxanh.sheets.columns import Column, Row


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What became of a row: what it was given, by the columns that an answer adds; or why it was not recorded."""

    given: list[str] = []
    problem: str = ""


CheckRows: TypeAlias = Callable[[Sequence[Row], datetime], Sequence[Checked[Any]]]
# By whom, when they sent the list in, and now (UTC).
RecordRows: TypeAlias = Callable[[Sequence[Checked[Any]], Member, datetime, datetime], Sequence[Outcome]]


@dataclass(frozen=True)
class ListKind:
    """One kind of list. Words of it stand in the catalogue under `lists.NAME`.

    `given` are the columns that an answer adds. `may` says who works with it now. `has_codes` says that what is given
    first is the code of a person, to be printed.
    """

    name: str
    most_rows: int
    may: Callable[[Member, datetime], bool]
    columns: Callable[[datetime], Sequence[Column]]
    given: Callable[[], Sequence[Column]]
    examples: Callable[[datetime], Sequence[Sequence[str]]]
    check: CheckRows
    record: RecordRows
    has_codes: bool = False

    def word(self, part: str) -> str:
        """The key of one of its words."""
        return f"lists.{self.name}.{part}"
