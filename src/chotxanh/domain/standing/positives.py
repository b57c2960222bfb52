"""A person's positives: what each is by the rules, and whether it still speaks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from chotxanh.domain.standing.acts import SENSITIVITY, Closing, Method
from chotxanh.domain.standing.rules import Ending, Rules
from chotxanh.domain.standing.runs import Run


class End(IntEnum):
    """Whether a positive still speaks, has come to an end, or was taken away as a false alarm."""

    SPEAKS = 0
    ENDED = 1
    LIFTED = 2


@dataclass(frozen=True)
class Person:
    """One identity group: all its tests, and the follow-ups that were closed.

    Of a companion `met_at` is when the two were together (UTC), None where that is not known.
    """

    runs: Sequence[Run] = ()
    closings: Sequence[Closing] = ()
    met_at: datetime | None = None

    def later_result(self, run: Run, least: Method) -> Run | None:
        """Return the first own result of a later sample by a method at least as sensitive (field rule A9)."""
        later = (
            each
            for each in self.runs
            if each.is_conclusive
            and SENSITIVITY[each.method] >= SENSITIVITY[least]
            and each.sampled.earliest > run.sampled.latest
        )
        return min(later, key=lambda each: (each.sampled.earliest, each.tube), default=None)

    def is_open(self, run: Run) -> bool:
        """Say whether nothing has answered a test that must be done again."""
        return self.later_result(run, run.needed_method) is None


@dataclass(frozen=True)
class Positive:
    """An own positive: a case or a screening by the rules, since when it is known (UTC), and whether it speaks.

    `ended_at` is when it came to an end (UTC); None while it speaks.
    """

    run: Run
    is_case: bool
    known_at: datetime
    end: End
    ended_at: datetime | None = None

    def is_after(self, run: Run) -> bool:
        """Say whether a negative was sampled up to this positive: at its earliest time, up to the latest of this."""
        return run.sampled.earliest <= self.run.sampled.latest

    def spoke_at(self, run: Run) -> bool:
        """Say whether it had been sampled, and had not ended, when a negative was sampled."""
        has_ended = self.ended_at is not None and self.ended_at <= run.sampled.earliest
        return not self.is_after(run) and not has_ended


def positives_of(person: Person, rules: Rules) -> list[Positive]:
    """Return a person's own positives that were not taken away, each by the rules in force when it was said."""
    found = (_positive(run, person, rules) for run in person.runs if run.is_own_positive)
    return [each for each in found if each.end is not End.LIFTED]


def contacts_from(person: Person, company: Iterable[Person], rules: Rules) -> Iterator[Positive]:
    """Yield what companions are positive by, as far as it makes this person a contact.

    A person is a contact until the companion's positive was taken away or the CDC releases the person (field rule A2),
    of all that was known by then: the positive, and that the two had met. That the companion recovered, moved or died
    releases nobody; who meets the companion only afterwards is no contact.
    """
    for companion in company:
        for each in positives_of(companion, rules):
            known_at = max(each.known_at, companion.met_at or each.known_at)
            is_released = any(closing.speaks_of(each.run.tube, known_at) for closing in person.closings)
            if not is_released and not _has_ended_before(companion.met_at, each):
                yield each


def _has_ended_before(met_at: datetime | None, positive: Positive) -> bool:
    return met_at is not None and positive.ended_at is not None and positive.ended_at < met_at


def _positive(run: Run, person: Person, rules: Rules) -> Positive:
    known_at = run.known_since
    in_force = rules.at(known_at)
    is_case = run.method in in_force.defines_case
    endings = in_force.case_ends if is_case else in_force.screening_ends
    ends = [*_by_tests(run, person, endings), *_by_closings(run, known_at, person.closings)]
    gravest = max((end for end, _ in ends), default=End.SPEAKS)
    return Positive(run, is_case, known_at, gravest, min((at for _, at in ends), default=None))


def _by_tests(run: Run, person: Person, endings: Iterable[Ending]) -> Iterator[tuple[End, datetime]]:
    """Compare sampling times, never a clock: a negative at its earliest, the positive at its latest."""
    for ending in endings:
        for each in person.runs:
            later_by = each.sampled.earliest - run.sampled.latest
            if each.method is ending.method and each.is_own_negative and ending.is_met_by(later_by):
                yield End.LIFTED if ending.is_lifted else End.ENDED, each.sampled.earliest


def _by_closings(run: Run, known_at: datetime, closings: Iterable[Closing]) -> Iterator[tuple[End, datetime]]:
    """A closing speaks of what was known by then."""
    for closing in closings:
        if closing.speaks_of(run.tube, known_at):
            yield End.LIFTED if closing.takes_away else End.ENDED, closing.at
