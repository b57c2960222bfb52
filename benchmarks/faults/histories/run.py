"""The campaign as `./chotxanh faults histories` runs it: nothing is broken, two opinions are compared."""

import argparse
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from benchmarks.faults.histories.alphabet import COLLECTIONS, PEOPLE
from benchmarks.faults.histories.comparing import Comparison, Differences
from benchmarks.faults.histories.drawing import Drawing
from benchmarks.faults.histories.enumerating import ASKED_AT, classes, number_of_letters, plain_count
from benchmarks.progress import Bar, tell

DRAWN_AT_ONCE = 50_000


@dataclass(frozen=True)
class Outcome:
    """The JSON object at the end.

    `histories` of up to `most` acts come to `classes` once names and orders that make no difference are looked through;
    each of those was judged, and so many `drawn` ones. `seconds` are of the whole run.
    """

    campaign: str
    most: int
    histories: int
    classes: int
    drawn: int
    seed: int
    workers: int
    seconds: float
    false_greens: int
    wrong_reds: int
    other_differences: int


@dataclass(frozen=True)
class Task:
    """A part of the work: the histories after a collection that a letter begins, or so many drawn ones."""

    collection: int = 0
    first: int | None = None
    most: int = 0
    drawn: int = 0
    seed: str = ""

    def carry_out(self) -> Differences:
        """Judge every history of this part twice."""
        comparison = Comparison()
        if self.drawn:
            drawing = Drawing(self.seed)
            for _ in range(self.drawn):
                acts, at = drawing.history()
                comparison.compare(acts, PEOPLE, at)
        else:
            for acts in classes(self.collection, self.most, self.first):
                comparison.compare(acts, PEOPLE, ASKED_AT)
        return comparison.found


def run(options: argparse.Namespace) -> int:
    """Compare, print the outcome, and return 1 if the rules and the oracle differ anywhere."""
    began = time.monotonic()
    every = carry_out("histories", tasks_of_all(options.most), options.workers)
    some = carry_out("drawn", tasks_of_drawn(options.rounds, options.drawn, options.seed), options.workers)
    found = Differences()
    for each in (every, some):
        found.add(each)
    for sentence in found.told:
        tell(f"  ! {sentence}")
    outcome = Outcome(
        campaign=options.name,
        most=options.most,
        histories=plain_count(options.most),
        classes=every.histories,
        drawn=some.histories,
        seed=options.seed,
        workers=options.workers,
        seconds=round(time.monotonic() - began, 1),
        false_greens=found.false_greens,
        wrong_reds=found.wrong_reds,
        other_differences=found.others,
    )
    print(msgspec.json.encode(outcome).decode())
    return 1 if found.total else 0


def tasks_of_all(most: int) -> list[Task]:
    """Return the parts of all histories of up to `most` acts."""
    places = range(len(COLLECTIONS))
    return [
        *(Task(place, most=0) for place in places),
        *(
            Task(place, first, most)
            for place in places
            for first in range(number_of_letters(place))
            if most > 0
        ),
    ]


def tasks_of_drawn(rounds: int, number: int, seed: int) -> list[Task]:
    """Return the parts of `rounds` times so many drawn histories."""
    return [
        Task(drawn=min(DRAWN_AT_ONCE, number - begin), seed=f"{seed}/{round_}/{begin}")
        for round_ in range(rounds)
        for begin in range(0, number, DRAWN_AT_ONCE)
    ]


def carry_out(title: str, tasks: list[Task], workers: int) -> Differences:
    """Share the parts among so many processes; one works in this process itself."""
    found = Differences()
    with Bar(title, len(tasks)) as bar, _workers(workers) as pool:
        for each in _outcomes(tasks, pool):
            found.add(each)
            bar.advance()
    return found


@contextmanager
def _workers(number: int) -> Iterator[ProcessPoolExecutor | None]:
    if number < 2:
        yield None
        return
    with ProcessPoolExecutor(number) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _outcomes(tasks: list[Task], pool: ProcessPoolExecutor | None) -> Iterable[Differences]:
    if pool is None:
        return (task.carry_out() for task in tasks)
    return (future.result() for future in as_completed([pool.submit(task.carry_out) for task in tasks]))
