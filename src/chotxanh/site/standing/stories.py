"""Makes of each case a story to read: moments in order, what happened at each, and what stands then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from chotxanh.domain.standing.rules import JULY_2021
from chotxanh.language.texts import current_language, text
from chotxanh.site.standing import contract
from chotxanh.site.standing.sentences import event_sentence, moment, names, paper_sentence

# How a paper is marked, as on every page: its sign and its colour.
_MARKS = {
    "valid": ("valid", "valid"),
    "expired": ("over", "over"),
    "suspended": ("wait", "wait"),
    "revoked": ("revoked", "not-genuine"),
}


@dataclass(frozen=True)
class Paper:
    """A paper's sentence, its sign and its colour."""

    sentence: str
    sign: str
    colour: str


@dataclass(frozen=True)
class Stands:
    """What stands for one person, or alike for several."""

    people: str
    state: str
    order: str | None
    papers: tuple[Paper, ...]
    why: str


@dataclass(frozen=True)
class Moment:
    """A time (ISO 8601, and as it is shown), what happened then, and what stands from then on."""

    at: str
    time: str
    events: tuple[str, ...]
    stands: tuple[Stands, ...]


@dataclass(frozen=True)
class Story:
    """One case, with an anchor of its own; `rules` names the set of rules where it is not that of July 2021."""

    anchor: str
    name: str
    explanation: str
    rules: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Chapter:
    """Stories that belong together."""

    anchor: str
    name: str
    stories: tuple[Story, ...]


def chapters() -> list[Chapter]:
    """Return every chapter in the reader's language."""
    language = current_language()
    return [
        Chapter(f"c{number}", chapter.name.in_language(language), tuple(_stories(number, chapter.cases)))
        for number, chapter in enumerate(contract.chapters(), start=1)
    ]


def _stories(number: int, cases: Sequence[contract.Case]) -> Iterator[Story]:
    language = current_language()
    for place, case in enumerate(cases, start=1):
        yield Story(
            anchor=f"c{number}-{place}",
            name=case.name.in_language(language),
            explanation=case.explanation.in_language(language),
            rules="" if case.rules == JULY_2021.code else text(f"standing.rules.{case.rules}"),
            moments=tuple(_moments(case)),
        )


def _moments(case: contract.Case) -> Iterator[Moment]:
    times = {each.known_at for each in case.events} | {each.at for each in case.asked}
    for at in sorted(times):
        events = tuple(event_sentence(each) for each in case.events if each.known_at == at)
        asked = [each for each in case.asked if each.at == at]
        yield Moment(at.isoformat(), moment(at), events, tuple(_standings(asked)))


def _standings(asked: Iterable[contract.Asked]) -> Iterator[Stands]:
    """Yield what stands; people of whom the same is said for the same reason share one."""
    for (state, order, why), together in groupby(asked, key=lambda each: (each.state, each.order, each.why)):
        alike = list(together)
        yield Stands(
            people=names([each.person for each in alike]),
            state=text(f"standing.state.{state}"),
            order=text(f"standing.order.{order}") if order else None,
            papers=tuple(dict.fromkeys(_paper(paper) for each in alike for paper in each.certificates)),
            why=why.in_language(current_language()),
        )


def _paper(paper: contract.Certificate) -> Paper:
    return Paper(paper_sentence(paper), *_MARKS[paper.state])
