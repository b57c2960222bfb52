"""A measured figure beside its limit."""

from dataclasses import dataclass

import msgspec

from benchmarks.product import Serving, Setting


@dataclass(frozen=True)
class Figure:
    """One line of `bench`.

    `limit` is either what the machine itself did in the same run, or a bound; `ratio` is value to limit. `target`
    is the ratio demanded, at least it or (`is_most`) at most it.
    """

    name: str
    value: float
    unit: str
    limit: float
    target: float
    is_most: bool

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
        return f"  {mark} {self.name:<22}{values}   {self.ratio:6.1%} ({demand})"


def bound(name: str, value: float, unit: str, limit: float) -> Figure:
    """Return a figure that must stay under a fixed bound."""
    return Figure(name, value, unit, limit, 1.0, is_most=True)


def as_json(figures: list[Figure]) -> str:
    """Write the JSON object that `bench` ends with."""
    rows = [
        {
            "name": figure.name,
            "value": round(figure.value, 3),
            "unit": figure.unit,
            "limit": round(figure.limit, 3),
            "ratio": round(figure.ratio, 4),
        }
        for figure in figures
    ]
    return msgspec.json.encode({"benchmarks": rows}).decode()


@dataclass(frozen=True)
class Place:
    """Where a benchmark runs: the product laid out, and its server."""

    setting: Setting
    serving: Serving

    @property
    def roots(self) -> tuple[int, ...]:
        """The processes whose CPU counts: the server's and the database's."""
        postgres = self.setting.postgres
        return (self.serving.process.pid, *([postgres.pid] if postgres else []))
