"""A queue in which networks take turns: who asks much waits behind themselves, and no queue grows without end."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
LONGEST_REST_SECONDS = 5.0


class TurnTaking(Generic[T]):
    """First come, first served within a network; between networks one each in turn. Safe for any thread."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Hold at most `most` that wait, and `most_of_one` of one network."""
        self._most, self._most_of_one = most, most_of_one
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0
        self._changed = Condition()

    def put(self, network: str, what: T, *, has_wide_share: bool = False) -> bool:
        """Let `what` wait; False where too many wait already. A wide share is all there is."""
        with self._changed:
            if self.is_full(network, has_wide_share=has_wide_share):
                return False
            self._waiting.setdefault(network, deque()).append(what)
            self._count += 1
            self._changed.notify()
        return True

    def is_full(self, network: str, *, has_wide_share: bool = False) -> bool:
        """Say whether too many wait already, of all or of this network."""
        with self._changed:  # which a thread that has it already may take again
            own = self._waiting.get(network, ())
            return self._count >= self._most or (len(own) >= self._most_of_one and not has_wide_share)

    def get(self) -> T:
        """Return whose turn it is; waits for one."""
        with self._changed:
            while not self._count:
                self._changed.wait()
            network, own = self._waiting.popitem(last=False)
            what = own.popleft()
            if own:
                self._waiting[network] = own
            self._count -= 1
        return what


class Lane:
    """A few threads that carry out what waits, each in its turn."""

    def __init__(
        self, name: str, threads: int, waiting: TurnTaking[Callable[[], None]], rest: float = 0.0
    ) -> None:
        """Name the threads, and say where they take their work from.

        After each work a thread rests for so many times as long as it took: what is heavy leaves the machine to others.
        """
        self.name, self._rest = name, rest
        self._threads = [
            Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        self._waiting = waiting

    def open(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def put(self, network: str, work: Callable[[], None], *, has_wide_share: bool = False) -> bool:
        """Let work wait, which raises nothing; False beyond the stated load."""
        return self._waiting.put(network, work, has_wide_share=has_wide_share)

    def is_full(self, network: str, *, has_wide_share: bool = False) -> bool:
        """Say whether work of this network would be turned away now."""
        return self._waiting.is_full(network, has_wide_share=has_wide_share)

    def _work(self) -> None:
        while True:
            work = self._waiting.get()
            began = time.monotonic()
            work()
            if self._rest:
                time.sleep(min(LONGEST_REST_SECONDS, self._rest * (time.monotonic() - began)))


class Room:
    """Room for so many things at once, of which one network takes its share at most. For one thread."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Have room for `most`, and for `most_of_one` of one network."""
        self._most, self._most_of_one = most, most_of_one
        self._of_each: dict[str, int] = {}

    @contextmanager
    def place(self, network: str, *, has_wide_share: bool = False) -> Iterator[bool]:
        """Take a place while the block runs; yields False where there is none. A wide share is all there is."""
        own = self._of_each.get(network, 0)
        is_free = sum(self._of_each.values()) < self._most and (has_wide_share or own < self._most_of_one)
        if not is_free:
            yield False
            return
        self._of_each[network] = own + 1
        try:
            yield True
        finally:
            self._of_each[network] -= 1
            if not self._of_each[network]:
                del self._of_each[network]
