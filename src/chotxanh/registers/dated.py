"""What the registers share: dated entries of the office that may arrive in any order."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import LEADS
from chotxanh.protocol.envelope import check_time
from chotxanh.protocol.kinds import PROVINCE, Who
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Row, Table, add_missing, upsert

OFFICE = Who(roles=LEADS, nodes=PROVINCE)


def check_times(facts: msgspec.Struct, _personal: Any) -> None:
    """Check every time that the facts state. Raises Problem("time_out_of_range")."""
    for name in facts.__struct_fields__:
        moment = getattr(facts, name)
        if isinstance(moment, datetime):
            check_time(moment)


def keep_latest(table: Table[Row], rows: Sequence[Row], said: Callable[[Row], tuple[datetime, UUID]]) -> None:
    """Store what was said about things (the first column); of several rows about one the latest `said` stands."""
    key = table.columns[0]
    known = {row[0]: row for row in lookup(table, key, [row[0] for row in rows])}
    for row in rows:
        before = known.get(row[0])
        if before is None or said(before) <= said(row):
            known[row[0]] = row
    upsert(table, list(known.values()))


@dataclass(frozen=True)
class Endings(Generic[Row]):
    """Entries that each end something at its `at` (UTC), named in the column `of`; they may come before it."""

    table: Table[Row]
    of: str

    def store(self, rows: Sequence[Row]) -> None:
        """Store endings; what was stored is not changed."""
        add_missing(self.table, rows)

    def earliest(self, ended: Collection[UUID]) -> dict[UUID, datetime]:
        """Return since when each of these is ended; without those that nothing ends."""
        first: dict[UUID, datetime] = {}
        for row in lookup(self.table, self.of, list(ended)):
            id, at = getattr(row, self.of), row.at  # type: ignore[attr-defined]
            first[id] = min(at, first.get(id, at))
        return first

    def reckon(self, ended: Table[Any], column: str, ids: Collection[UUID]) -> None:
        """Write down anew in `column` of what is ended since when it is; that never moves later."""
        for id, at in self.earliest(ids).items():
            ended.model._default_manager.filter(id=id).update(**{column: at})
