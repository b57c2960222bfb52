"""How entries travel on a bad line: shuffled, split, repeated, answered into the void, sent over two connections."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import local
from typing import TypeVar

from benchmarks.connection import Connection
from benchmarks.station import Station, Written

CONNECTIONS = 4
TYPICAL_BATCH = 50
SHUFFLE_WINDOW = 150


@dataclass(frozen=True)
class Faults:
    """The share of batches (of entries, for `repeated`) that each fault strikes."""

    shuffled: float = 0.3
    repeated: float = 0.03
    odd_size: float = 0.1
    answer_lost: float = 0.04
    sent_twice_at_once: float = 0.05
    put_off: float = 0.03


@dataclass(frozen=True)
class Delivery:
    """One batch to send; with `answer_lost` it is first sent by a connection that hangs up."""

    station: Station
    entries: tuple[Written, ...]
    answer_lost: bool = False


Item = TypeVar("Item")
Work = Callable[[Connection, Item], None]


def deliveries_of(station: Station, draw: random.Random, faults: Faults) -> list[Delivery]:
    """Split what the station has not sent into deliveries with faults.

    A batch that is put off stays unsent: it goes out with what the station writes next.
    """
    entries = station.take_unsent()
    for begin in range(0, len(entries), SHUFFLE_WINDOW):
        if draw.random() < faults.shuffled:
            window = entries[begin : begin + SHUFFLE_WINDOW]
            draw.shuffle(window)
            entries[begin : begin + SHUFFLE_WINDOW] = window
    deliveries = []
    for batch in _split(entries, draw, faults):
        if draw.random() < faults.put_off:
            station.unsent += batch
            continue
        repeats = [draw.choice(entries) for _ in batch if draw.random() < faults.repeated]
        deliveries.append(Delivery(station, (*batch, *repeats), draw.random() < faults.answer_lost))
        if draw.random() < faults.sent_twice_at_once:
            overlapping = batch[len(batch) // 2 :] + batch[: len(batch) // 4]
            deliveries.append(Delivery(station, tuple(overlapping)))
    if draw.random() < faults.shuffled:
        draw.shuffle(deliveries)
    return deliveries


def send(connection: Connection, delivery: Delivery) -> None:
    """Carry one delivery out; what the receipt settles leaves the station's outbox."""
    if delivery.answer_lost:
        delivery.station.lose_answer(connection, delivery.entries)
    if delivery.entries:
        delivery.station.deliver(connection, delivery.entries)


class Crew:
    """A few threads, each with a connection of its own, that work through items in order."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = local()
        self._connections: list[Connection] = []

    def work_through(self, items: Iterator[Item], work: "Work[Item]", note: Callable[[], None]) -> None:
        """Carry `work` out for every item, calling `note` after each. The first exception ends it."""
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            running: set[Future[None]] = set()
            for item in items:
                running.add(threads.submit(self._carry_out, work, item))
                if len(running) >= 2 * CONNECTIONS:
                    running = _take_finished(running, note)
            while running:
                running = _take_finished(running, note)
        for connection in self._connections:
            connection.close()
        self._own = local()
        self._connections.clear()

    def _carry_out(self, work: "Work[Item]", item: Item) -> None:
        if not hasattr(self._own, "connection"):
            self._own.connection = Connection(self._port)
            self._connections.append(self._own.connection)
        work(self._own.connection, item)


def _take_finished(running: set[Future[None]], note: Callable[[], None]) -> set[Future[None]]:
    finished, rest = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        future.result()
        note()
    return rest


def _split(entries: Sequence[Written], draw: random.Random, faults: Faults) -> Iterator[list[Written]]:
    begin = 0
    while begin < len(entries):
        size = draw.choice((1, 3, 7, 120)) if draw.random() < faults.odd_size else TYPICAL_BATCH
        yield list(entries[begin : begin + size])
        begin += size
