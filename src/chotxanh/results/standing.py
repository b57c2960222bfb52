"""What stands for people by the pure rules, over the rows of the ledger."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from uuid import UUID

from chotxanh.domain.standing.person import Standing, stand
from chotxanh.domain.standing.positives import End, Person, positives_of
from chotxanh.domain.standing.rules import DatedRules
from chotxanh.domain.standing.runs import Run
from chotxanh.registers.rules.meanings import meanings
from chotxanh.results.circles import Circle, circles_of
from chotxanh.results.followups.closings import SaidOf, closings_of
from chotxanh.results.lateness import Receipts, as_unsaid, waiting_runs
from chotxanh.results.samplings import Sampling, Samplings, samplings_of


@dataclass(frozen=True)
class StandingPerson:
    """What stands for one person code, and all that its person's tests say, under whichever code.

    `waiting` are the runs of theirs that wait for the department, by their names.
    """

    standing: Standing
    person: Person
    rules: DatedRules
    waiting: frozenset[str] = frozenset()

    def is_positive_by(self, run: Run) -> bool:
        """Say whether a positive still speaks: nothing has ended it, nor taken it away."""
        found = positives_of(self.person, self.rules)
        return any(each.run == run and each.end is End.SPEAKS for each in found)


@dataclass(frozen=True)
class Found:
    """Everything that was read of some people, and of those who bear on them."""

    circles: dict[str, Circle]
    samplings: Samplings
    closings: Sequence[SaidOf]
    rules: DatedRules
    receipts: Receipts

    def standing_of(self, code: str, holder: UUID | None) -> StandingPerson:
        """Return what stands for one of these people; of a code that several use, for this one's `holder`.

        Beside a code that people of different identities claim, others are alike and no more: which of its people
        another code belongs to, no code says.
        """
        circle = self.circles[code]
        shared = {each for each in circle.same.all if self.samplings.claims[each].waits}
        own = {code} if code in shared else circle.same.own - shared
        runs = [*self.samplings.runs_of(code, holder), *self._runs(own - {code})]
        person = self._said_of(own, runs, holder)
        may_be_same = (circle.same.all - own) & self._tested  # who was never sampled bears on nobody
        alike = [each for other in sorted(may_be_same) for each in self._people({other})]
        company = [
            replace(one, met_at=each.met_at) for each in circle.companions for one in self._people(each.codes)
        ]
        waiting = waiting_runs(person, self.receipts, self.rules, company, alike)
        person = as_unsaid(person, waiting)
        return StandingPerson(stand(person, self.rules, company, alike), person, self.rules, waiting)

    def positives_among(self, codes: AbstractSet[str]) -> list[Sampling]:
        """Return the samplings by which whose these codes are is positive; nothing has taken these away."""
        people = self._people(codes)
        speaking = [each.run for person in people for each in positives_of(person, self.rules)]
        own = (each for code in sorted(codes) for each in self.samplings.by_code[code] if each.is_own)
        return [each for each in own if each.run in speaking]

    def warnings_about(self, code: str, holder: UUID | None) -> list[str]:
        """Return the names of the tests that warn of a person, or of anybody who bears on them.

        Of what waits for whose it is (no `holder` of a code that several claim) nothing but itself is named.
        """
        if self.samplings.claims[code].waits and holder is None:
            return self.warnings_of(code, None)
        return sorted({*self.warnings_of(code, holder), *self.warnings_beside(code)})

    def warnings_of(self, code: str, holder: UUID | None) -> list[str]:
        """Return the names of the tests that warn of a person, under whichever code, and of nobody beside them.

        Of a code that several claim: of those that are this `holder`'s for certain.
        """
        claims = self.samplings.claims[code]
        if not claims.waits:
            return sorted({run.tube for run in self._runs(self.circles[code].same.all) if run.warns})
        known = [each for each in self.samplings.by_code[code] if each.run.warns]
        return sorted({each.run.tube for each in known if claims.is_surely_of(each.registration, holder)})

    def warnings_beside(self, code: str) -> list[str]:
        """Return the names of the tests that warn of a person's companions."""
        beside = {each for companion in self.circles[code].companions for each in companion.codes}
        return sorted({run.tube for run in self._runs(beside) if run.warns})

    @cached_property
    def _tested(self) -> frozenset[str]:
        """Whose samplings there are: whoever registers again and again is alike with thousands who have none."""
        everybody = {code for circle in self.circles.values() for code in circle.everybody}
        return frozenset(code for code in everybody if self.samplings.all_of(code))

    def _people(self, codes: AbstractSet[str]) -> Iterator[Person]:
        """Yield whose these codes are: one person's, and each who claims one of them that several people claim."""
        shared = {each for each in codes if self.samplings.claims[each].waits}
        if codes - shared:
            yield self._person(codes - shared, self._runs(codes - shared))
        for code in sorted(shared):
            for holder in self.samplings.holders(code):
                yield self._person({code}, self.samplings.runs_of(code, holder), holder)

    def _person(self, codes: AbstractSet[str], runs: Sequence[Run], holder: UUID | None = None) -> Person:
        """Return one person, without what waits beside their own warnings."""
        person = self._said_of(codes, runs, holder)
        return as_unsaid(person, waiting_runs(person, self.receipts, self.rules))

    def _said_of(self, codes: AbstractSet[str], runs: Sequence[Run], holder: UUID | None) -> Person:
        said = [each for each in self.closings if each.act.person in codes]
        return Person(runs, [each.act for each in said if self._is_about(each, holder)])

    def _is_about(self, closing: SaidOf, holder: UUID | None) -> bool:
        """Say whether a closing speaks of this holder; of nobody, where an older one named tests of several people."""
        claims = self.samplings.claims[closing.act.person]
        if not claims.waits:
            return True
        if closing.is_of_one:
            return claims.is_surely_of(closing.registration, holder)
        named = {
            each.registration
            for each in self.samplings.by_code[closing.act.person]
            if each.run.warns and closing.act.speaks_of(each.run.tube, each.run.known_since)
        }
        is_clear = all(claims.is_surely_of(one, other) for one, other in combinations(named, 2))
        return is_clear and all(claims.is_of(one, holder) for one in named)

    def _runs(self, codes: Iterable[str]) -> list[Run]:
        return [run for code in sorted(codes) for run in self.samplings.runs_of(code, None)]


def found_about(codes: Collection[str]) -> Found:
    """Read what bears on these people; what a positive means is asked only where one is said."""
    circles = circles_of(codes)
    everybody = {each for circle in circles.values() for each in circle.everybody}
    samplings = samplings_of(everybody)
    rules = meanings() if samplings.has_warning else DatedRules()
    receipts = samplings.receipts if samplings.has_warning else Receipts()
    return Found(circles, samplings, closings_of(everybody), rules, receipts)
