"""What a transaction has read and nobody may have changed since: asked again, it is not sent again.

Rules are recomputed rank by rank, each asking for what it needs; the next asks for much of the same. What is asked
before it is needed (`foresee`) goes with a statement that is waited for anyway, and is found here when it is needed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chotxanh.storage.line import Noted, Statement

# A batch reads some dozens of times. What is carried out over a whole province in one transaction must not keep it all.
MOST_KEPT = 256


@dataclass
class Memory:
    """Readings by statement and values, each with the tables that it reads."""

    _read: dict[Hashable, tuple[Noted, frozenset[str]]] = field(default_factory=dict)

    def recall(self, name: Hashable) -> Noted | None:
        """Return what was noted under this name and still holds."""
        found = self._read.get(name)
        return found[0] if found else None

    def keep(self, name: Hashable, noted: Noted, tables: frozenset[str]) -> None:
        """Remember a reading of these tables; where MOST_KEPT are remembered, these are forgotten first."""
        if len(self._read) >= MOST_KEPT:
            self._read = {}
        self._read[name] = (noted, tables)

    def forget(self, written: str | None) -> None:
        """Forget what a statement may have changed that writes to one table; None where more may be new.

        So it is with a lock: what was read before it was held, others may have changed until it was.
        """
        if written is None:
            self._read.clear()
        elif self._read:
            self._read = {name: kept for name, kept in self._read.items() if written not in kept[1]}


def name_of(statement: Statement, values: Sequence[Any]) -> Hashable:
    """Return what two readings have in common that must give the same rows, in whatever order."""
    return (statement.name, *[_all_of(value) if isinstance(value, list) else value for value in values])


def _all_of(values: Sequence[Any]) -> frozenset[Any]:
    # To hash a UUID takes four times as long as its number.
    is_numbered = bool(values) and isinstance(values[0], UUID)
    return frozenset([each.int for each in values]) if is_numbered else frozenset(values)
