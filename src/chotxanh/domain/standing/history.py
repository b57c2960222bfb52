"""A whole history, in any order, and what stands for anybody in it at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from chotxanh.domain.standing.acts import Closing, Company, Countersignature, Link, Sampling, Word
from chotxanh.domain.standing.person import Standing, stand
from chotxanh.domain.standing.positives import Person
from chotxanh.domain.standing.rules import Rules
from chotxanh.domain.standing.runs import Run, runs_of


@dataclass(frozen=True)
class History:
    """Everything that happened; the order within each kind says nothing, and repetition adds nothing."""

    samplings: AbstractSet[Sampling] = frozenset()
    words: AbstractSet[Word] = frozenset()
    countersignatures: AbstractSet[Countersignature] = frozenset()
    closings: AbstractSet[Closing] = frozenset()
    companies: AbstractSet[Company] = frozenset()
    links: AbstractSet[Link] = frozenset()

    def until(self, at: datetime) -> "History":
        """Return what had happened by `at` (UTC)."""
        return History(
            frozenset(each for each in self.samplings if each.at.latest <= at),
            frozenset(each for each in self.words if each.at.latest <= at),
            frozenset(each for each in self.countersignatures if each.at <= at),
            frozenset(each for each in self.closings if each.at <= at),
            frozenset(each for each in self.companies if each.at <= at),
            frozenset(each for each in self.links if each.at <= at),
        )


def standing_in(history: History, person: str, rules: Rules) -> Standing:
    """Return what stands for `person` by `rules`, once all of `history` has happened."""
    return standing_among(tests_in(history), history, person, rules)


def standing_among(tests: Sequence[Run], history: History, person: str, rules: Rules) -> Standing:
    """Return the same where what the tests of the history say is known already, as when several are asked about."""
    groups = groups_of(history.links)
    own = groups.get(person, frozenset({person}))
    met = {(groups.get(each, frozenset({each})), at) for each, at in _companions(history, own, tests)}
    company = [_person(group, history, tests, at) for group, at in met if group != own]
    return stand(_person(own, history, tests), rules, company)


def groups_of(links: Iterable[Link]) -> Mapping[str, frozenset[str]]:
    """Return who is one person with whom, for everybody who was ever linked.

    Everybody is in exactly one group: who is linked joins the group of the one named first, who is unlinked gets a
    group of their own; the latest word stands, and nothing else follows from it.
    """
    group_of: dict[str, object] = {}
    for link in sorted(links, key=lambda each: (each.at, not each.is_one, each.people)):
        first, *others = link.people
        for other in others or [first]:
            group_of[other] = group_of.setdefault(first, object()) if link.is_one else object()
    members = defaultdict(set)
    for name, group in group_of.items():
        members[group].add(name)
    return {name: frozenset(members[group]) for name, group in group_of.items()}


def tests_in(history: History) -> Sequence[Run]:
    """Return what every test of every tube says."""
    tubes: dict[str, tuple[list[Sampling], list[Word], list[Countersignature]]]
    tubes = defaultdict(lambda: ([], [], []))
    for sampling in history.samplings:
        tubes[sampling.tube][0].append(sampling)
    for word in history.words:
        tubes[word.tube][1].append(word)
    for countersignature in history.countersignatures:
        tubes[countersignature.tube][2].append(countersignature)
    return [run for name in sorted(tubes) for run in runs_of(*tubes[name])]


def _person(
    group: AbstractSet[str], history: History, tests: Iterable[Run], met_at: datetime | None = None
) -> Person:
    return Person(
        [run for run in tests if not group.isdisjoint(run.people)],
        [closing for closing in history.closings if closing.person in group],
        met_at,
    )


def _companions(
    history: History, group: AbstractSet[str], tests: Iterable[Run]
) -> Iterator[tuple[str, datetime]]:
    """Yield who was in a vehicle or a household's tube with one of a group, and when."""
    kept = {run.tube for run in tests}
    households = [
        (each.people, each.at.latest) for each in history.samplings if each.is_household and each.tube in kept
    ]
    for people, at in (*households, *((each.people, each.at) for each in history.companies)):
        if not group.isdisjoint(people):
            yield from ((each, at) for each in people - group)
