"""`statements`: how many SQL statements a batch of 1, 50 and 500 entries takes, printed for each kind of batch.

They may grow with the number of kinds of aggregates a batch touches, never with the number of its entries; the figure
is the largest batch beside the middle one. BEGIN and COMMIT are not counted.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection

from benchmarks.figures import Figure, bound
from benchmarks.operating import Desk
from benchmarks.place import Place
from benchmarks.progress import tell
from benchmarks.station import Written
from chotxanh.storage.line import Line

SIZES = (1, 50, 500)
IN_A_TUBE = 5
ENTRIES_OF_A_NEW_PERSON = 2
MOST_GROWTH = 1.0


@dataclass
class Counter:
    """Counts the statements sent while it is open."""

    sent: int = 0


def measure(place: Place) -> list[Figure]:
    """Print the statements of each batch; return by how much 500 entries take more than 50."""
    table = {name: counts_of(place.desk, write, SIZES) for name, write in KINDS.items()}
    tell(f"  {'statements a batch of':<22}" + "".join(f"{size:>6}" for size in SIZES))
    for name, counts in table.items():
        tell(f"  {name:<22}" + "".join(f"{count:>6}" for count in counts))
    growth = max(counts[-1] / counts[-2] for counts in table.values())
    return [bound("statements", growth, "of 50, for 500", MOST_GROWTH)]


def counts_of(desk: Desk, write: Callable[[Desk, int], Sequence[Written]], sizes: Sequence[int]) -> list[int]:
    """Return the statements of one batch of each size."""
    counts = []
    for size in sizes:
        entries = write(desk, size)
        with counted_statements() as counter:
            desk.station.deliver(desk.application, entries)
        counts.append(counter.sent)
    return counts


@contextmanager
def counted_statements() -> Iterator[Counter]:
    """Count what this process sends to the database, through the ORM and past it."""
    counter = Counter()
    counting = _counted_on_the_line if connection.vendor == "postgresql" else _counted_by_django
    with counting(counter):
        yield counter


@contextmanager
def _counted_on_the_line(counter: Counter) -> Iterator[None]:
    """Count at the cursor from which all of psycopg's and Django's descend, and at the line past them."""
    with contextlib.ExitStack() as stack:
        for place, name in ((psycopg.Cursor, "execute"), (Line, "add")):
            stack.enter_context(patch.object(place, name, _counting(counter, getattr(place, name))))
        yield


def _counting(counter: Counter, send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def counted(*args: Any, **kwargs: Any) -> Any:
        counter.sent += 1
        return send(*args, **kwargs)

    return counted


@contextmanager
def _counted_by_django(counter: Counter) -> Iterator[None]:
    def count(execute: Any, *args: Any) -> Any:
        counter.sent += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        yield


KINDS: dict[str, Callable[[Desk, int], Sequence[Written]]] = {
    "declarations": lambda desk, number: desk.declarations(max(number // ENTRIES_OF_A_NEW_PERSON, 1))[0],
    "collections": lambda desk, number: desk.tubes_of_declared(number, IN_A_TUBE)[0],
    "results": lambda desk, number: desk.results_of_sampled(number, IN_A_TUBE),
}
