"""What happened to tubes and people, as the rules of what stands read it. Times are UTC."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chotxanh.domain.standing.times import Span, Window


class Method(StrEnum):
    """How a sample is tested; a register of tests names what a department uses of each."""

    AG_RAPID = "ag_rapid"
    RT_PCR = "rt_pcr"


# A later sample closes what an earlier one left open only by a method at least as sensitive (field rule A9).
SENSITIVITY = {Method.AG_RAPID: 1, Method.RT_PCR: 2}


class Value(StrEnum):
    """What one reading of a test says; `read_late` says nothing, save whether a line was seen."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INVALID = "invalid"
    INCONCLUSIVE = "inconclusive"
    READ_LATE = "read_late"


@dataclass(frozen=True)
class Sampling:
    """Whose swabs went into a tube, when, and for which test; `window` is None where the test is read at any time."""

    tube: str
    people: AbstractSet[str]
    method: Method
    at: Span
    window: Window | None = None
    is_household: bool = False
    is_disputed: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Word:
    """What was said of one test of one tube: a reading, or a correction of what was said before it.

    `line_seen` belongs to a line that was read late. `is_after_telling` marks a correction of what the person had
    already been told: it has no effect until the CDC rules. Of a word, as of a sampling, `is_disputed` says that a mark
    lets no paper rest on it, `is_withdrawn` that it was taken back: then it is as if it had not been, but no withdrawal
    removes what warns, nor the sampling under it.
    """

    tube: str
    method: Method
    value: Value
    at: Span
    is_correction: bool = False
    line_seen: bool = False
    is_after_telling: bool = False
    is_disputed: bool = False
    is_withdrawn: bool = False

    @property
    def warns(self) -> bool:
        """Whether it may mean that somebody is positive: a positive, or a line seen too late."""
        return self.value is Value.POSITIVE or (self.value is Value.READ_LATE and self.line_seen)

    @property
    def counts_from(self) -> datetime:
        """When it counts (UTC): what warns at its latest possible time, all else at its earliest."""
        return self.at.latest if self.warns else self.at.earliest

    def agrees_with(self, other: "Word") -> bool:
        """Whether both say the same."""
        return (self.value, self.warns) == (other.value, other.warns)


@dataclass(frozen=True)
class Countersignature:
    """A second account of the facility signs the last correction before it."""

    tube: str
    method: Method
    at: datetime


class Outcome(StrEnum):
    """How a physician of the CDC closes a follow-up (field rule A4)."""

    NOT_CONFIRMED = "not_confirmed"
    RECOVERED = "recovered"
    ISOLATION_COMPLETED = "isolation_completed"
    TRANSFERRED = "transferred"
    DIED = "died"
    OTHER = "other"

    @classmethod
    def _missing_(cls, _value: object) -> "Outcome":
        return cls.OTHER


@dataclass(frozen=True)
class Closing:
    """A follow-up of a person was closed; it speaks of what was known by then.

    `considered` are the tests that were known, by the names of their runs; None where that is everything said by then.
    What was said before it and came to be known only afterwards it does not speak of.
    """

    person: str
    outcome: Outcome
    at: datetime
    considered: AbstractSet[str] | None = None

    @property
    def takes_away(self) -> bool:
        """Whether there was nothing after all; any other outcome ends a case that was one."""
        return self.outcome is Outcome.NOT_CONFIRMED

    def speaks_of(self, run: str, known_at: datetime) -> bool:
        """Say whether it speaks of a test that has been known since `known_at` (UTC)."""
        return self.at >= known_at and (self.considered is None or run in self.considered)


@dataclass(frozen=True)
class Company:
    """People who were in one vehicle."""

    people: AbstractSet[str]
    at: datetime


@dataclass(frozen=True)
class Link:
    """A person said at `at` that these registrations are one person, or that they are not (`is_one` False)."""

    people: tuple[str, ...]
    is_one: bool
    at: datetime
