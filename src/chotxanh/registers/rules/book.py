"""The rule book: until when a result holds by the rules that stand where it is asked, never where it was issued."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from chotxanh.domain.validity import Anchor, Stated, Validity, ValidityRule, validity_of
from chotxanh.registers.rules.entries import RULES, RuleRow
from chotxanh.storage.lookups import as_read_ahead, made_of
from chotxanh.storage.prepared import Ahead

# Books whose making is remembered; to make one of 30 rules costs four times as much as to ask for it.
KEPT = 4


@dataclass(frozen=True)
class RuleBook:
    """Every rule there is, read once for as many answers as are needed."""

    rules: tuple[ValidityRule, ...]

    def validity(self, stated: Stated) -> Validity | None:
        """Return until when such a negative holds in this province and by which rule; None where none speaks."""
        return validity_of(self.rules, stated, settings.PROVINCE)


def rule_book() -> RuleBook:
    """Return the rules as they stand now, in this transaction: always asked for, made anew only where they changed."""
    return rule_book_ahead()()


def rule_book_ahead() -> Ahead[RuleBook]:
    """Ask for the rules likewise, but wait for them only when they are asked for."""
    read = as_read_ahead(RULES)
    return lambda: _book(read())


@lru_cache(maxsize=KEPT)
def _book(rows: tuple[tuple[Any, ...], ...]) -> RuleBook:
    return RuleBook(tuple(_rule(row) for row in made_of(RULES, rows)))


def _rule(row: RuleRow) -> ValidityRule:
    return ValidityRule(
        id=row.id,
        code=row.code,
        category=row.category or None,
        test_type=row.test_type or None,
        territory=row.territory or None,
        anchor=Anchor(row.anchor),
        valid_for_hours=row.valid_for_hours,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        legal_reference=row.legal_reference,
        document=row.document,
    )
