"""What stands for one person: state, papers and what is ordered, from what tests said and what was closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chotxanh.domain.standing.acts import SENSITIVITY, Method
from chotxanh.domain.standing.positives import End, Person, Positive, contacts_from, positives_of
from chotxanh.domain.standing.rules import Rules
from chotxanh.domain.standing.runs import Run


class State(StrEnum):
    """What stands for a person, the gravest last: of several that hold, the last one is said."""

    NONE = "none"
    WAITING = "waiting"
    REPEAT = "repeat"
    NEGATIVE = "negative"
    CONTACT = "contact"
    RECOLLECT = "recollect"
    SCREENING_POSITIVE = "screening_positive"
    POSITIVE = "positive"
    DISPUTED = "disputed"


class PaperState(StrEnum):
    """What becomes of the paper of a negative: one that is `withheld` is not given, and suspended where it was."""

    STANDS = "stands"
    WITHHELD = "withheld"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Order(StrEnum):
    """What must be done for a person."""

    RT_PCR = "rt_pcr"
    RECOLLECTION = "recollection"


@dataclass(frozen=True)
class Paper:
    """The paper of one negative test."""

    run: Run
    state: PaperState


@dataclass(frozen=True)
class Standing:
    """What stands for a person; papers in the order of sampling."""

    state: State
    papers: tuple[Paper, ...]
    order: Order | None


@dataclass(frozen=True)
class _Case:
    """All that bears on a person, sorted out.

    `own` and `beside` are positives of the person and of companions; `alike` is what the same person may have under
    another registration; `open` are tests that must be done again, `warnings` those of them after which one in the tube
    may be positive.
    """

    runs: Sequence[Run]
    own: Sequence[Positive]
    beside: Sequence[Positive]
    alike: Sequence[Positive]
    open: Sequence[Run]
    warnings: Sequence[Run]

    @property
    def positives(self) -> Sequence[Positive]:
        """What the person is, or may be, positive by."""
        return (*self.own, *self.alike)


def stand(
    person: Person, rules: Rules, company: Iterable[Person] = (), alike: Sequence[Person] = ()
) -> Standing:
    """Return what stands for a person by `rules`, beside companions, and beside people who may be the same.

    `alike` are linked by machine: what they have may warn and take away, and never gives, closes or shows anything.
    """
    case = _sorted_out(person, rules, company, alike)
    papers = [paper for run in person.runs for paper in _papers(run, case)]
    papers.sort(key=lambda each: (each.run.sampled.earliest, each.run.tube, each.run.method))
    gravest = [state for state, holds in _states(case, papers) if holds][-1]
    return Standing(gravest, tuple(papers), _order(case))


def _sorted_out(person: Person, rules: Rules, company: Iterable[Person], alike: Sequence[Person]) -> _Case:
    warnings = [
        run for each in (person, *alike) for run in each.runs if run.warns_of_each and each.is_open(run)
    ]
    return _Case(
        runs=person.runs,
        own=positives_of(person, rules),
        beside=list(contacts_from(person, company, rules)),
        alike=[positive for each in alike for positive in positives_of(each, rules)],
        open=[run for run in person.runs if run.needs_again and person.is_open(run)],
        warnings=[run for run in warnings if rules.at(run.said_at or run.sampled.latest).pool_suspends],
    )


def _papers(run: Run, case: _Case) -> Iterator[Paper]:
    """Yield the paper of a test, where it ever said negative in time."""
    if run.is_own_negative:
        yield Paper(run, _state_of(run, case))
    elif run.is_disputed and run.negative_since:
        yield Paper(run, PaperState.SUSPENDED)
    elif run.was_negative_since:
        yield Paper(run, PaperState.REVOKED)


def _state_of(run: Run, case: _Case) -> PaperState:
    """Say what becomes of the paper of a negative: none is given after a positive, none before it stays in use."""
    if _is_withheld(run, case):
        return PaperState.WITHHELD
    is_older = any(each.is_after(run) for each in (*case.positives, *case.beside))
    is_warned = any(run.sampled.earliest <= each.sampled.latest for each in case.warnings)
    return PaperState.SUSPENDED if is_older or is_warned else PaperState.STANDS


def _is_withheld(run: Run, case: _Case) -> bool:
    """Say whether it was sampled when a positive spoke already that it cannot answer."""
    if any(each.spoke_at(run) for each in case.positives):
        return True
    if run.method is Method.AG_RAPID and any(not each.is_after(run) for each in case.beside):
        return True
    return any(
        run.sampled.earliest > each.sampled.latest
        and SENSITIVITY[run.method] < SENSITIVITY[each.needed_method]
        for each in case.warnings
    )


def _states(case: _Case, papers: Sequence[Paper]) -> list[tuple[State, bool]]:
    """Say of every state whether it holds, the gravest last."""
    speaking = [each for each in case.own if each.end is End.SPEAKS]
    may_speak = any(each.end is End.SPEAKS for each in case.alike)
    return [
        (State.NONE, True),
        (State.WAITING, any(run.value is None for run in case.runs)),
        (State.REPEAT, bool(case.open)),
        (State.NEGATIVE, any(paper.state is PaperState.STANDS for paper in papers)),
        (State.CONTACT, bool(case.beside)),
        (State.RECOLLECT, any(not run.asks_again for run in case.open)),
        (State.SCREENING_POSITIVE, bool(speaking)),
        (State.POSITIVE, any(each.is_case for each in speaking)),
        (State.DISPUTED, may_speak or any(run.is_disputed for run in case.runs)),
    ]


def _order(case: _Case) -> Order | None:
    """Return what must be done: nothing more is taken from a case (field rule A4)."""
    speaking = [each for each in case.own if each.end is End.SPEAKS and not each.run.is_disputed]
    if any(each.is_case for each in speaking):
        return None
    person = Person(case.runs)
    contacts = [
        each
        for each in case.beside
        if not each.run.is_disputed and person.later_result(each.run, Method.RT_PCR) is None
    ]
    if speaking or contacts or any(run.is_line_only for run in case.open):
        return Order.RT_PCR
    return Order.RECOLLECTION if case.open else None
