"""When something was done, as far as it is known; and the window in which a test may be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Span:
    """A time between two bounds, both included (UTC); certain where they are one.

    A doubtful clock disputes nothing: a negative counts at its earliest possible time for everything, a positive at
    its latest.
    """

    earliest: datetime
    latest: datetime

    @classmethod
    def at(cls, moment: datetime) -> "Span":
        """Return a time that is certain."""
        return cls(moment, moment)

    def before(self, elapsed: timedelta) -> "Span":
        """Return the time so much earlier, known as well as this one."""
        return Span(self.earliest - elapsed, self.latest - elapsed)

    def moments(self, changes: Iterable[datetime]) -> list[datetime]:
        """Return the times of it at which something is other than before, where it changes at `changes` (UTC)."""
        if self.earliest == self.latest:
            return [self.earliest]
        return [self.earliest, *(each for each in changes if self.earliest < each <= self.latest)]


@dataclass(frozen=True)
class Window:
    """In which minutes after its start a test may be read; both ends are included."""

    earliest: int
    latest: int

    def holds(self, started: Span, read: Span) -> bool:
        """Say whether a reading may be inside: a doubt about time alone takes no paper away."""
        shortest = read.earliest - started.latest
        longest = read.latest - started.earliest
        return timedelta(minutes=self.earliest) <= longest and shortest <= timedelta(minutes=self.latest)
