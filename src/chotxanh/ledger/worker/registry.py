"""What the worker can do: errands, daily jobs and the deferred level, each declared by its feature in `work.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One errand as its feature sees it. `attempt` counts from 1."""

    name: str
    key: str
    attempt: int

    @property
    def idempotency_key(self) -> str:
        """What an effect outside this house must carry: it may be attempted twice, it counts once."""
        return f"{self.name}/{self.key}"


@dataclass(frozen=True)
class Outcome:
    """What came of an errand: what to write, in one transaction with the row's end or its next time (UTC)."""

    write: Callable[[], None] | None = None
    again_at: datetime | None = None


Run: TypeAlias = Callable[[Task, datetime], Outcome]
RunDay: TypeAlias = Callable[[date, datetime], Outcome]


class AtRebuild(Enum):
    """What a rebuild makes of errands. Whatever waits goes on waiting, but for what the rebuild itself does."""

    ASKED_ANEW = auto()  # the outcome is emptied with the tables: entries ask for it again
    KEPT = auto()  # the outcome outlives it, as entries, marks or a file: no entry asks for it again
    DONE = auto()  # a rebuild does the same by itself: what waits is over


@dataclass(frozen=True)
class ErrandKind:
    """How errands of a name are run. `leaves_house`: the effect is outside, so a rebuild must not repeat it.

    `is_at_once`: nothing of this name is meant to wait, so what is dated later was dated by a clock that was ahead.
    """

    name: str
    run: Run
    leaves_house: bool
    at_rebuild: AtRebuild
    is_at_once: bool


@dataclass(frozen=True)
class Daily:
    """A job of every day, from an hour of Viet Nam's day on."""

    name: str
    at_hour: int


@dataclass(frozen=True)
class Level:
    """A part of the deferred level: `compute` only reads, `write` only writes what it computed."""

    name: str
    compute: Callable[[frozenset[str]], Any]
    write: Callable[[Any], None]


_errands: dict[str, ErrandKind] = {}
_dailies: dict[str, Daily] = {}
_levels: dict[str, Level] = {}
_owed: dict[str, Callable[[], bool]] = {}


def errand(
    name: str,
    run: Run,
    *,
    leaves_house: bool = True,
    at_rebuild: AtRebuild = AtRebuild.ASKED_ANEW,
    is_at_once: bool = False,
) -> None:
    """Let a feature run errands of this name.

    `run` is called outside any transaction, perhaps more than once for one errand, and must first look whether the
    errand is still wanted. It raises to be tried again later.
    """
    _errands[name] = ErrandKind(name, run, leaves_house, at_rebuild, is_at_once)


def ask_where(name: str, is_owed: Callable[[], bool]) -> None:
    """Let errands of this name be asked for where something is to be done and none waits; `is_owed` only reads."""
    _owed[name] = is_owed


def daily(name: str, at_hour: int, run: RunDay) -> None:
    """Let a feature run a job once for every day in Viet Nam, from `at_hour` (0 to 23) on; missed days too."""
    _dailies[name] = Daily(name, at_hour)
    errand(name, lambda task, now: run(date.fromisoformat(task.key), now), leaves_house=False)


def deferred(name: str, compute: Callable[[frozenset[str]], T], write: Callable[[T], None]) -> None:
    """Let a feature keep sums that may lag behind the facts by seconds.

    `compute` is called with keys that were deferred, in one snapshot, outside any write transaction.
    """
    _levels[name] = Level(name, compute, write)


def errand_named(name: str) -> ErrandKind:
    """Return how errands of this name are run."""
    return _errands[name]


def known_errands() -> Sequence[str]:
    """Return the names that this node can run; others wait for a version that knows them."""
    return sorted(_errands)


def paused_by_rebuild() -> frozenset[str]:
    """Return the names whose effects leave the house."""
    return frozenset(name for name, kind in _errands.items() if kind.leaves_house)


def done_by_rebuild() -> frozenset[str]:
    """Return the names that a rebuild leaves nothing to do for."""
    return frozenset(name for name, kind in _errands.items() if kind.at_rebuild is AtRebuild.DONE)


def asked_by_rebuild() -> frozenset[str]:
    """Return the names that entries ask for again when they are applied anew."""
    return frozenset(name for name, kind in _errands.items() if kind.at_rebuild is AtRebuild.ASKED_ANEW)


def meant_for_at_once() -> frozenset[str]:
    """Return the names of which nothing is meant to wait."""
    return frozenset(name for name, kind in _errands.items() if kind.is_at_once)


def owed() -> Sequence[str]:
    """Return the names of which there is something to do, whether or not anything waits."""
    return [name for name in known_errands() if name in _owed and _owed[name]()]


def dailies() -> Sequence[Daily]:
    """Return the jobs of every day."""
    return [_dailies[name] for name in sorted(_dailies)]


def levels() -> Sequence[Level]:
    """Return the parts of the deferred level."""
    return [_levels[name] for name in sorted(_levels)]
