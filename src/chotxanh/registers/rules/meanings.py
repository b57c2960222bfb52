"""What results mean by the rules that were enacted: which set of the ministry was in force when (field rule A3)."""

from functools import lru_cache
from typing import Any

from chotxanh.domain.standing.rules import RULE_SETS, DatedRules, Enacted
from chotxanh.registers.rules.entries import MEANINGS
from chotxanh.storage.lookups import as_read, made_of

# Readings whose making is remembered.
KEPT = 4


def meanings() -> DatedRules:
    """Return the sets as they stand now, in this transaction: always asked for, made anew only where they changed."""
    return _dated(as_read(MEANINGS))


@lru_cache(maxsize=KEPT)
def _dated(rows: tuple[tuple[Any, ...], ...]) -> DatedRules:
    """A set that this version does not know says nothing: a version that knows it decides again."""
    known = (row for row in made_of(MEANINGS, rows) if row.standing in RULE_SETS)
    in_order = sorted(known, key=lambda row: (row.effective_from, row.id))
    return DatedRules(
        tuple(Enacted(RULE_SETS[row.standing], row.effective_from, row.effective_to) for row in in_order)
    )
