"""A person's positives: what each is by the rules, and whether it still speaks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from chotxanh.domain.standing.acts import SENSITIVITY, Closing, Method
from chotxanh.domain.standing.rules import Ending, RuleSet
from chotxanh.domain.standing.runs import Run


class End(IntEnum):
    """Whether a positive still speaks, has come to an end, or was taken away as a false alarm."""

    SPEAKS = 0
    ENDED = 1
    LIFTED = 2


@dataclass(frozen=True)
class Person:
    """One identity group: all its tests, and the follow-ups that were closed."""

    runs: Sequence[Run] = ()
    closings: Sequence[Closing] = ()

    def has_later_result(self, run: Run, least: Method) -> bool:
        """Say whether a later sample has an own result by a method at least as sensitive (field rule A9)."""
        return any(
            each.is_conclusive
            and SENSITIVITY[each.method] >= SENSITIVITY[least]
            and each.sampled.earliest > run.sampled.latest
            for each in self.runs
        )


@dataclass(frozen=True)
class Positive:
    """An own positive: a case or a screening by the rules, since when it is known (UTC), and whether it speaks."""

    run: Run
    is_case: bool
    known_at: datetime
    end: End

    def is_after(self, run: Run) -> bool:
        """Say whether a negative was sampled up to this positive: at its earliest time, up to the latest of this."""
        return run.sampled.earliest <= self.run.sampled.latest


def positives_of(person: Person, rules: RuleSet) -> list[Positive]:
    """Return a person's own positives that were not taken away."""
    found = (_positive(run, person, rules) for run in person.runs if run.is_own_positive)
    return [each for each in found if each.end is not End.LIFTED]


def contacts_from(person: Person, company: Iterable[Person], rules: RuleSet) -> Iterator[Positive]:
    """Yield what companions are positive by, as far as it makes this person a contact.

    A person is a contact until the companion's positive was taken away or the CDC releases the person (field rule A2).
    That the companion recovered, moved or died releases nobody.
    """
    for companion in company:
        for each in positives_of(companion, rules):
            if not any(closing.at >= each.known_at for closing in person.closings):
                yield each


def _positive(run: Run, person: Person, rules: RuleSet) -> Positive:
    is_case = run.method in rules.defines_case
    known_at = run.said_at or run.sampled.latest
    endings = rules.case_ends if is_case else rules.screening_ends
    ends = [End.SPEAKS, *_by_tests(run, person, endings), *_by_closings(known_at, person.closings)]
    return Positive(run, is_case, known_at, max(ends))


def _by_tests(run: Run, person: Person, endings: Iterable[Ending]) -> Iterator[End]:
    """Compare sampling times, never a clock: a negative at its earliest, the positive at its latest."""
    for ending in endings:
        for each in person.runs:
            later_by = each.sampled.earliest - run.sampled.latest
            if each.method is ending.method and each.is_own_negative and ending.is_met_by(later_by):
                yield End.LIFTED if ending.is_lifted else End.ENDED


def _by_closings(known_at: datetime, closings: Iterable[Closing]) -> Iterator[End]:
    """A closing speaks of what was known by then."""
    for closing in closings:
        if closing.at >= known_at:
            yield End.LIFTED if closing.takes_away else End.ENDED
