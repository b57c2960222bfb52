"""Which negatives wait for the department: they came late, when a warning that still speaks was known here (B2).

What stands without them is asked first: a warning that others have ended holds nothing back. Receipts are the server's
alone; to the rules of what stands, which stations share, such a negative has not been said yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from chotxanh.domain.lateness import came_after
from chotxanh.domain.standing.positives import End, Person, contacts_from, positives_of
from chotxanh.domain.standing.rules import Rules
from chotxanh.domain.standing.runs import Run


@dataclass(frozen=True)
class Receipts:
    """By names of runs: when what they rest on came, if it came late, and since when their warning is known (UTC)."""

    late: Mapping[str, datetime] = field(default_factory=dict)
    warned: Mapping[str, datetime] = field(default_factory=dict)


def waiting_runs(
    person: Person,
    receipts: Receipts,
    rules: Rules,
    company: Sequence[Person] = (),
    alike: Sequence[Person] = (),
) -> frozenset[str]:
    """Return which negatives of a person wait, beside companions and people who may be the same, by their names."""
    late = {run.tube for run in person.runs if run.is_own_negative and run.tube in receipts.late}
    if not late:
        return frozenset()
    without = as_unsaid(person, late)
    speaking = _speaking(without, rules, company, alike)
    warned = [receipts.warned[run.tube] for run in speaking if run.tube in receipts.warned]
    return frozenset(name for name in late if any(came_after(receipts.late[name], at) for at in warned))


def as_unsaid(person: Person, names: AbstractSet[str]) -> Person:
    """Return a person of whose runs these say nothing yet: what is known of the person otherwise stays as grave."""
    if not names:
        return person
    return replace(person, runs=[_unsaid(run) if run.tube in names else run for run in person.runs])


def _unsaid(run: Run) -> Run:
    return replace(run, value=None, known=None, said_at=None)


def _speaking(
    person: Person, rules: Rules, company: Iterable[Person], alike: Sequence[Person]
) -> Iterator[Run]:
    """Yield what warns of a person and nothing has ended."""
    for each in (person, *alike):
        yield from (positive.run for positive in positives_of(each, rules) if positive.end is End.SPEAKS)
        yield from (run for run in each.runs if run.warns_of_each and each.is_open(run))
    yield from (positive.run for positive in contacts_from(person, company, rules))
