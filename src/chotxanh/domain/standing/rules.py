"""What a positive means is dated: the sets of rules that ship (field rules A3, A7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from chotxanh.domain.standing.acts import Method


@dataclass(frozen=True)
class Ending:
    """A later own negative by `method`, sampled at least `after` later, after which a positive speaks no more.

    `is_lifted` if it takes the positive away, as if it had been a false alarm; else what was before stays ended.
    """

    method: Method
    is_lifted: bool
    after: timedelta = timedelta(0)

    def is_met_by(self, later_by: timedelta) -> bool:
        """Say whether a sample taken so much later ends it; the same moment is not later."""
        return later_by > timedelta(0) and later_by >= self.after


@dataclass(frozen=True)
class RuleSet:
    """What results mean from one date on.

    `defines_case` are the methods whose positive is a case; any other positive screens. `screening_ends` and
    `case_ends` are what ends each without a physician. `pool_suspends` says whether a positive pool suspends the older
    papers of its members.
    """

    code: str
    legal_reference: str
    defines_case: frozenset[Method]
    screening_ends: tuple[Ending, ...]
    case_ends: tuple[Ending, ...] = ()
    pool_suspends: bool = True

    def at(self, _moment: datetime) -> "RuleSet":
        """Return the set in force at a time: this one, always."""
        return self


JULY_2021 = RuleSet(
    "july-2021",
    "Quyết định 2022/QĐ-BYT ngày 28/4/2021 và 3416/QĐ-BYT ngày 14/7/2021",
    frozenset({Method.RT_PCR}),
    (Ending(Method.RT_PCR, is_lifted=True),),
)
# Medical staff's rapid positive defines a case; at home it ends with a rapid negative by medical staff on day seven.
JANUARY_2022 = RuleSet(
    "january-2022",
    "Công văn 11042/BYT-DP ngày 29/12/2021",
    frozenset({Method.AG_RAPID, Method.RT_PCR}),
    (),
    (
        Ending(Method.AG_RAPID, is_lifted=False, after=timedelta(days=7)),
        Ending(Method.RT_PCR, is_lifted=False, after=timedelta(days=7)),
    ),
)
RULE_SETS = {each.code: each for each in (JULY_2021, JANUARY_2022)}


@dataclass(frozen=True)
class Enacted:
    """A set in force from `since` on, until before `until` (UTC); None while nothing ends it."""

    rules: RuleSet
    since: datetime
    until: datetime | None = None

    def is_in_force(self, moment: datetime) -> bool:
        """Say whether it is in force at a time (UTC)."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class DatedRules:
    """The sets that were enacted, in the order in which they were; what a positive means is asked of its own time."""

    enacted: tuple[Enacted, ...] = ()

    def at(self, moment: datetime) -> RuleSet:
        """Return the set in force at a time (UTC): the latest one; before any was enacted that of July 2021."""
        in_force = [each for each in self.enacted if each.is_in_force(moment)]
        latest = max(in_force, key=lambda each: (each.since, each.rules.code), default=None)
        return latest.rules if latest else JULY_2021


Rules: TypeAlias = RuleSet | DatedRules
