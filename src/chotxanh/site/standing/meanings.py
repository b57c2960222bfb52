"""What each state means: for papers, for samples, who may end it, and on which ground; the two sets of rules."""

from dataclasses import dataclass

from chotxanh.domain.standing.acts import Method
from chotxanh.domain.standing.person import State
from chotxanh.domain.standing.rules import RULE_SETS, Ending, RuleSet
from chotxanh.language.texts import text

COLUMNS = ("meaning", "papers", "samples", "ended_by", "ground")
PRINCIPLES = ("rapid", "sampling", "suspended", "hours", "pool", "correction", "doubt", "late")
# The gravest first, as doctors look for them.
STATES = tuple(reversed(State))


@dataclass(frozen=True)
class Meaning:
    """One row of the table: a state and a cell for each column."""

    state: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rules:
    """A set of rules in words."""

    name: str
    legal_reference: str
    positive: tuple[str, ...]
    ends: tuple[str, ...]


def meanings() -> list[Meaning]:
    """Return a row for each state."""
    return [
        Meaning(
            text(f"standing.state.{state}"),
            tuple(
                (text(f"standing.column.{column}"), text(f"standing.{column}.{state}")) for column in COLUMNS
            ),
        )
        for state in STATES
    ]


def principles() -> list[str]:
    """Return what every case follows from."""
    return [text(f"standing.principle.{each}") for each in PRINCIPLES]


def rule_sets() -> list[Rules]:
    """Return the sets of rules that ship."""
    return [
        Rules(
            text(f"standing.rules.{each.code}"),
            each.legal_reference,
            tuple(_positives(each)),
            tuple(_endings(each)),
        )
        for each in RULE_SETS.values()
    ]


def _positives(rules: RuleSet) -> list[str]:
    return [
        text(
            f"standing.defines.{'case' if method in rules.defines_case else 'screening'}",
            test=text(f"standing.test.{method}"),
        )
        for method in Method
    ]


def _endings(rules: RuleSet) -> list[str]:
    found = [*_of("screening", rules.screening_ends), *_of("case", rules.case_ends)]
    return [*found, text("standing.ends.cdc")]


def _of(what: str, endings: tuple[Ending, ...]) -> list[str]:
    return [
        text(
            f"standing.ends.{what}_{'lifted' if each.is_lifted else 'ended'}",
            test=text(f"standing.test.{each.method}"),
            days=each.after.days,
        )
        for each in endings
    ]
