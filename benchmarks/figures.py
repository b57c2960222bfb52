"""A measured figure beside its limit."""

from dataclasses import dataclass, replace

import msgspec

from benchmarks.verifying import Rounds


@dataclass(frozen=True)
class Figure:
    """One line of `bench`.

    `limit` is either what the machine itself did in the same run, or a bound; `ratio` is value to limit. `target`
    is the ratio demanded, at least it or (`is_most`) at most it. `spread` tells by which share the median of the
    rounds lies above the fastest one, where there were rounds, and `median` is the value by medians.
    """

    name: str
    value: float
    unit: str
    limit: float
    target: float
    is_most: bool
    spread: float | None = None
    median: float | None = None

    @property
    def ratio(self) -> float:
        """The value as a share of the limit."""
        return self.value / self.limit if self.limit else 0.0

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.ratio <= self.target if self.is_most else self.ratio >= self.target

    def line(self) -> str:
        """Write the figure for people."""
        demand = f"{'at most' if self.is_most else 'at least'} {self.target:.0%}"
        mark = "✓" if self.is_met else "✗"
        values = f"{self.value:10.2f} {self.unit:<15} limit {self.limit:10.2f}"
        spread = "" if self.spread is None else f", spread {self.spread:.0%}"
        spread += "" if self.median is None else f", by medians {self.median:.1f}"
        return f"  {mark} {self.name:<22}{values}   {self.ratio:6.1%} ({demand}{spread})"


@dataclass(frozen=True)
class Failure:
    """A benchmark that gave no figure, and why."""

    name: str
    reason: str

    def line(self) -> str:
        """Write the failure for people."""
        return f"  ✗ {self.name:<22}failed: {self.reason}"


def bound(name: str, value: float, unit: str, limit: float) -> Figure:
    """Return a figure that must stay under a fixed bound."""
    return Figure(name, value, unit, limit, 1.0, is_most=True)


def in_verifies(name: str, rounds: Rounds, limit: float) -> Figure:
    """Return a figure in v that must stay under a fixed bound."""
    figure = bound(name, rounds.value, "v", limit)
    return replace(figure, spread=rounds.spread, median=rounds.median)


def as_json(verify_us: float, outcomes: list[Figure | Failure]) -> str:
    """Write the JSON object that `bench` ends with; `v` is the CPU of one P-256 verify in this run, in µs."""
    rows = [_row(outcome) for outcome in outcomes]
    return msgspec.json.encode({"v": round(verify_us, 2), "benchmarks": rows}).decode()


def _row(outcome: Figure | Failure) -> dict[str, object]:
    if isinstance(outcome, Failure):
        return {"name": outcome.name, "value": None, "failed": outcome.reason}
    return {
        "name": outcome.name,
        "value": round(outcome.value, 3),
        "unit": outcome.unit,
        "limit": round(outcome.limit, 3),
        "ratio": round(outcome.ratio, 4),
        "target": outcome.target,
        "is_met": outcome.is_met,
        "spread": _rounded(outcome.spread),
        "median": _rounded(outcome.median),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
