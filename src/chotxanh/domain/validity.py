"""Until when a negative result holds: dated rules with their legal reference, anchored on sampling or on result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

READABLE_FOR = timedelta(days=30)
READABLE_AT_LEAST = timedelta(days=1)  # a result that arrives months late is certified as over, not refused


class Anchor(StrEnum):
    """The event a validity is counted from."""

    SAMPLED = "sampled"
    RESULTED = "resulted"


@dataclass(frozen=True)
class Stated:
    """What a paper states, as far as rules ask for it: of whom, by which test, sampled and known when (UTC)."""

    category: str
    test_type: str
    sampled_at: datetime
    resulted_at: datetime


@dataclass(frozen=True)
class ValidityRule:
    """One line of the rule book; times are UTC, `effective_to` exclusive.

    `category`, `test_type` or `territory` None means any; a territory is written `scheme:code`. `document` is the
    number and symbol of what enacted it, or empty.
    """

    id: UUID
    code: str
    category: str | None
    test_type: str | None
    territory: str | None
    anchor: Anchor
    valid_for_hours: int
    effective_from: datetime
    effective_to: datetime | None
    legal_reference: str
    document: str = ""

    def fits(self, stated: Stated, territory: str) -> bool:
        """Say whether the rule speaks in this territory of such a paper: it does so by when the result was known."""
        return (
            self.category in (None, stated.category)
            and self.test_type in (None, stated.test_type)
            and self.territory in (None, territory)
            and self.effective_from <= stated.resulted_at
            and (self.effective_to is None or stated.resulted_at < self.effective_to)
        )

    def until(self, stated: Stated) -> datetime:
        """Return until when such a paper holds by this rule (UTC)."""
        start = stated.sampled_at if self.anchor is Anchor.SAMPLED else stated.resulted_at
        return start + timedelta(hours=self.valid_for_hours)

    @property
    def specificity(self) -> tuple[bool, bool, bool, datetime, UUID]:
        """Order rules so that the one that names more wins, then the newer one, then the one written later."""
        named = (self.category is not None, self.test_type is not None, self.territory is not None)
        return (*named, self.effective_from, self.id)


@dataclass(frozen=True)
class Validity:
    """Until when a result holds (UTC) and by which rule."""

    valid_until: datetime
    rule: ValidityRule


def validity_of(rules: Iterable[ValidityRule], stated: Stated, territory: str) -> Validity | None:
    """Apply the most specific rule of this territory in force when the result became known; None when none speaks.

    Source of the 72 hours, counted from the result for goods drivers: the Ministries of Transport and of Health,
    July 2021.
    """
    fitting = [rule for rule in rules if rule.fits(stated, territory)]
    if not fitting:
        return None
    rule = max(fitting, key=lambda each: each.specificity)
    return Validity(rule.until(stated), rule)


def technical_end(*, sampled_at: datetime, issued_at: datetime) -> datetime:
    """Return when a paper's signature ends (UTC): no rule says so, and one without a rule is over from then on."""
    return max(sampled_at + READABLE_FOR, issued_at + READABLE_AT_LEAST)
