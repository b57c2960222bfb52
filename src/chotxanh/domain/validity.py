"""Until when a negative result holds: dated rules with their legal reference, anchored on sampling or on result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

READABLE_FOR = timedelta(days=30)
READABLE_AT_LEAST = timedelta(days=1)  # a result that arrives months late is certified as over, not refused


class Anchor(StrEnum):
    """The event a validity is counted from."""

    SAMPLED = "sampled"
    RESULTED = "resulted"


@dataclass(frozen=True)
class ValidityRule:
    """One line of the rule book. `category` or `test_type` None means any; times are UTC, `effective_to` exclusive."""

    code: str
    category: str | None
    test_type: str | None
    anchor: Anchor
    valid_for_hours: int
    effective_from: datetime
    effective_to: datetime | None
    legal_reference: str

    def fits(self, category: str, test_type: str, at: datetime) -> bool:
        """Say whether the rule speaks of this category and test at this time."""
        return (
            self.category in (None, category)
            and self.test_type in (None, test_type)
            and self.effective_from <= at
            and (self.effective_to is None or at < self.effective_to)
        )

    @property
    def specificity(self) -> tuple[bool, bool, datetime]:
        """Order rules so that the one that names more, then the newer one, wins."""
        return (self.category is not None, self.test_type is not None, self.effective_from)


@dataclass(frozen=True)
class Validity:
    """Until when a result holds (UTC) and by which rule."""

    valid_until: datetime
    rule: str


def validity_of(
    rules: Iterable[ValidityRule],
    *,
    category: str,
    test_type: str,
    sampled_at: datetime,
    resulted_at: datetime,
) -> Validity | None:
    """Apply the most specific rule in force when the result became known; None when no rule speaks.

    Source of the 72 hours, counted from the result for goods drivers: the Ministries of Transport and of Health,
    July 2021.
    """
    fitting = [rule for rule in rules if rule.fits(category, test_type, resulted_at)]
    if not fitting:
        return None
    rule = max(fitting, key=lambda each: each.specificity)
    start = sampled_at if rule.anchor is Anchor.SAMPLED else resulted_at
    return Validity(start + timedelta(hours=rule.valid_for_hours), rule.code)


def technical_end(*, sampled_at: datetime, issued_at: datetime) -> datetime:
    """Return when a paper's signature ends (UTC): no rule says so, and one without a rule is over from then on."""
    return max(sampled_at + READABLE_FOR, issued_at + READABLE_AT_LEAST)
