"""One run of one test of one tube: what was said of it, and in what circumstances it was read."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from chotxanh.domain.marks import Mark, is_for, is_removed
from chotxanh.domain.methods import Method
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.standing.times import Span
from chotxanh.registers.kits.known import KnownKit, KnownTest, kits_named, most_in_pool, tests_named
from chotxanh.results.barcodes import Barcode
from chotxanh.results.models import ResultFact
from chotxanh.results.rows import FactRow, SampledTube

F = TypeVar("F", FactRow, ResultFact)
MINUTE = timedelta(minutes=1)  # people name whole ones
OF_TESTING = Mark.OUTSIDE_WINDOW | Mark.POOL_TOO_LARGE
OF_TUBE = (
    OF_TESTING | Mark.METHOD_NOT_AUTHORISED | Mark.CAME_LATE
)  # given where it is known of which tube and test a fact is


class RunName(NamedTuple):
    """The key of a result: the very tube, the test, and its how manieth run."""

    tube: str
    test: UUID
    number: int

    @property
    def key(self) -> str:
        """The name as one text."""
        return f"{self.tube}/{self.test.hex}/{self.number}"


@dataclass
class Run:
    """What was said of one run (sorted by time and number), each by the reading it goes back to.

    `is_of_several_tubes` if the time of a reading is in doubt, so that it may be of an earlier tube of the barcode.
    `strays` are corrections of what is not known of this barcode: nobody knows which run they speak of, unless this
    one `is_alone` in its tube.
    """

    name: RunName
    facts: list[FactRow] = field(default_factory=list)
    is_of_several_tubes: bool = False
    strays: Sequence[FactRow] = ()
    is_alone: bool = True

    @property
    def may_stand(self) -> set[UUID]:
        """What a lead can choose: a stray too, where it can be of no other run, or is positive."""
        strays = (each for each in self.strays if self.is_alone or each.value == ResultValue.POSITIVE)
        return {each.id for each in (*self.facts, *strays)}

    @property
    def live(self) -> list[FactRow]:
        """What was not withdrawn, in the order of time."""
        found = [fact for fact in (*self.facts, *self.strays) if not is_removed(fact.marks)]
        return sorted(found, key=_by_time)


def runs_of(facts: Sequence[FactRow], barcode: Barcode) -> list[Run]:
    """Sort what was said under one barcode by tube, test and run; without corrections that nothing is known of."""
    known = {fact.id: fact for fact in facts}
    runs: dict[RunName, Run] = {}
    strays: dict[str, list[FactRow]] = defaultdict(list)
    for fact in sorted(facts, key=_by_time):
        root = root_of(fact, known)
        if root is None or root.test is None:
            strays[barcode.tube_at(fact.resulted_latest)].append(fact)
            continue
        name = RunName(barcode.tube_at(root.resulted_latest), root.test, root.run)
        run = runs.setdefault(name, Run(name))
        run.facts.append(fact)
        run.is_of_several_tubes |= barcode.tube_at(root.resulted_at) != name.tube
    in_tube = Counter(name.tube for name in runs)
    for run in runs.values():
        run.strays, run.is_alone = strays[run.name.tube], in_tube[run.name.tube] == 1
    return [runs[name] for name in sorted(runs)]


def root_of(fact: F, known: Mapping[UUID, F]) -> F | None:
    """Follow corrections down to the reading; None while a link is missing, or if they form a ring."""
    seen: set[UUID] = set()
    while fact.corrects is not None:
        if fact.id in seen or fact.corrects not in known:
            return None
        seen.add(fact.id)
        fact = known[fact.corrects]
    return fact


@dataclass(frozen=True)
class Circumstances:
    """The tests and kits that readings were done with."""

    tests: Mapping[UUID, KnownTest]
    kits: Mapping[UUID, KnownKit]

    def method_of(self, test: UUID) -> str:
        """Return how a test is done."""
        return self.tests[test].method

    def device_of(self, reading: FactRow) -> str:
        """Return what a certificate calls the kit, or the reagent; empty where the registers name none."""
        kit = self.kits.get(reading.kit) if reading.kit else None
        return (kit and kit.dcc_device) or (self.tests[reading.test].dcc_device if reading.test else "")

    def method_mark(self, fact: FactRow, reading: FactRow | None) -> Mark:
        """Mark a fact whose author or facility was not allowed the way of testing of the reading it goes back to."""
        if reading is None or reading.test is None or is_for(fact.marks, self.method_of(reading.test)):
            return Mark.NONE
        return Mark.METHOD_NOT_AUTHORISED

    def marks_of(self, fact: FactRow, reading: FactRow | None, tube: SampledTube | None) -> Mark:
        """Return the marks that testing itself gives a fact, by the reading it goes back to.

        Before the sampling is known there is nothing to compare with. Of a correction without a reading nobody can say
        when it was read.
        """
        if reading is None or reading.test is None:
            return Mark.OUTSIDE_WINDOW
        marks = self.method_mark(fact, reading)
        if tube is None:
            return marks
        test = self.tests[reading.test]
        kit = self.kits[reading.kit] if reading.kit else None
        marks |= Mark.POOL_TOO_LARGE if tube.size > most_in_pool(test, kit) else Mark.NONE
        if not _is_in_time(reading, tube, test, kit):
            marks |= Mark.OUTSIDE_WINDOW
        return marks


def circumstances_of(facts: Sequence[FactRow]) -> Circumstances:
    """Return the tests and kits that these facts name."""
    tests = tests_named({fact.test for fact in facts if fact.test})
    return Circumstances(tests, kits_named({fact.kit for fact in facts if fact.kit}))


def _is_in_time(reading: FactRow, tube: SampledTube, test: KnownTest, kit: KnownKit | None) -> bool:
    """A rapid test that names no kit, or one of another test, cannot show that its line was read in time."""
    if kit is None:
        return test.method != Method.AG_RAPID
    if kit.test != test.id:
        return False
    # One entry says both, so that what lies between them is certain; nothing is set going before it was sampled.
    if reading.started_at is not None and reading.started_at > tube.sampled_at - MINUTE:
        return kit.window.holds(Span.at(reading.started_at), Span.at(reading.resulted_at))
    return kit.window.holds(tube.sampled, reading.resulted)


def _by_time(fact: FactRow) -> tuple[object, ...]:
    return (fact.resulted_at, fact.id)
