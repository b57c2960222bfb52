"""Puts the oracle's plain acts into the words of the rules, and the rules' answers into plain ones."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.faults.histories.oracle import HOLDS_MINUTES, Act, Stands
from chotxanh.domain.standing import acts as told
from chotxanh.domain.standing.history import History, standing_among, tests_in
from chotxanh.domain.standing.person import Paper, PaperState, Standing
from chotxanh.domain.standing.rules import JULY_2021
from chotxanh.domain.standing.runs import Run
from chotxanh.domain.standing.times import Span, Window

MIDNIGHT = datetime(2021, 7, 25, tzinfo=UTC)
OF_TUBES = ("sampled", "result", "corrected", "countersigned")
MOST_KEPT = 100_000
Marked = tuple[Act, bool]  # an act, and whether it was withdrawn


def moment(minute: int) -> datetime:
    """Return the time of a whole minute after midnight (UTC) of the first day."""
    return MIDNIGHT + timedelta(minutes=minute)


class Rules:
    """Asks the pure rules, and keeps what they said: most histories have a tube, or what it says, in common."""

    def __init__(self) -> None:
        self._runs: dict[tuple[Marked, ...], tuple[int, Sequence[Run]]] = {}
        self._numbers: dict[tuple[Run, ...], int] = {}
        self._answers: dict[tuple[object, ...], list[Stands]] = {}
        self._told: dict[Marked, object] = {}

    def stands(self, acts: Sequence[Act], people: Sequence[str], at: int) -> list[Stands]:
        """Say what stands for each of these people at a time, once all of these acts have happened."""
        withdrawn = {act[1] for act in acts if act[0] == "withdrawn"}
        marked = [(act, act in withdrawn) for act in acts if act[0] != "withdrawn"]
        tubes: dict[str, list[Marked]] = {}
        for each in marked:
            if each[0][0] in OF_TUBES:
                tubes.setdefault(each[0][1], []).append(each)
        runs = [self._runs_of(tuple(tubes[tube])) for tube in sorted(tubes)]
        others = tuple(each for each in marked if each[0][0] not in OF_TUBES[1:])
        key = (*(number for number, _ in runs), others, at)
        if key not in self._answers:
            _empty_if_full(self._answers)
            history = self._history(others)
            tests = [run for _, of_tube in runs for run in of_tube]
            answers = [standing_among(tests, history, person, JULY_2021) for person in people]
            self._answers[key] = [plain(answer, at) for answer in answers]
        return self._answers[key]

    def _runs_of(self, acts: tuple[Marked, ...]) -> tuple[int, Sequence[Run]]:
        """Return what the tests of one tube say, with a number that those have in common which say the same."""
        if acts not in self._runs:
            _empty_if_full(self._runs)
            runs = tests_in(self._history(acts))
            self._runs[acts] = (self._numbers.setdefault(tuple(runs), len(self._numbers)), runs)
        return self._runs[acts]

    def _history(self, acts: Sequence[Marked]) -> History:
        said: dict[type, list[Any]] = defaultdict(list)
        for act in acts:
            each = self._said(act)
            said[type(each)].append(each)
        return History(
            samplings=frozenset(said[told.Sampling]),
            words=frozenset(said[told.Word]),
            countersignatures=frozenset(said[told.Countersignature]),
            closings=frozenset(said[told.Closing]),
            companies=frozenset(said[told.Company]),
            links=frozenset(said[told.Link]),
        )

    def _said(self, marked: Marked) -> object:
        if marked not in self._told:
            _empty_if_full(self._told)
            self._told[marked] = in_words_of_the_rules(marked[0], is_withdrawn=marked[1])
        return self._told[marked]


def _empty_if_full(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()


def in_words_of_the_rules(act: Act, *, is_withdrawn: bool) -> object:
    """Return what the rules call an act."""
    match act:
        case ("sampled", tube, people, test, (first, last), window, is_household):
            span, reading = Span(moment(first), moment(last)), Window(*window) if window else None
            return told.Sampling(
                tube,
                frozenset(people),
                told.Method(test),
                span,
                reading,
                is_household,
                is_withdrawn=is_withdrawn,
            )
        case ("result" | "corrected" as what, tube, test, value, (first, last)):
            return told.Word(
                tube,
                told.Method(test),
                told.Value(value.removesuffix("_line")),
                Span(moment(first), moment(last)),
                is_correction=what == "corrected",
                line_seen=value.endswith("_line"),
                is_withdrawn=is_withdrawn,
            )
        case ("countersigned", tube, test, at):
            return told.Countersignature(tube, told.Method(test), moment(at))
        case ("vehicle", people, at):
            return told.Company(frozenset(people), moment(at))
        case ("closed", person, outcome, at):
            return told.Closing(person, told.Outcome(outcome), moment(at))
        case (what, people, at):
            return told.Link(tuple(people), what == "linked", moment(at))
    raise ValueError(act)


def plain(standing: Standing, at: int) -> Stands:
    """Return what stands as the oracle writes it."""
    papers = [_paper(paper, at) for paper in standing.papers if paper.state is not PaperState.WITHHELD]
    order = standing.order.value if standing.order else None
    return Stands(standing.state.value, tuple(sorted(papers)), order)


def _paper(paper: Paper, at: int) -> tuple[str, str, str, int]:
    since = paper.run.paper_since or paper.run.sampled
    until = int((since.earliest - MIDNIGHT) / timedelta(minutes=1)) + HOLDS_MINUTES
    state = paper.state.value
    if paper.state is PaperState.STANDS:
        state = "valid" if at < until else "expired"
    return (paper.run.tube, paper.run.method.value, state, until)
