"""What time it really was when a device wrote an entry (ADR 0004)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

GREATEST_SKEW = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ClockState(StrEnum):
    """What the device knew of its own clock when it wrote."""

    GOOD = "good"
    JUMPED = "jumped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Moment:
    """The corrected time of an entry, UTC, and whether it is in doubt: then bounds count."""

    effective_at: datetime
    is_doubtful: bool

    def in_doubt(self) -> "Moment":
        """Return the same time, no more certain."""
        return Moment(self.effective_at, is_doubtful=True)


def moment_of(
    occurred_at: datetime,
    received_at: datetime,
    *,
    state: ClockState,
    monotonic_ms: int,
    anchor_ms: int | None,
) -> Moment:
    """Correct `occurred_at` (the device's wall clock, UTC) by the anchor measured against the server.

    `anchor_ms` is the server's Unix time in ms at monotonic 0; None while the device has not measured.
    A wall clock that was moved is no doubt as long as it still agrees with the counter within GREATEST_SKEW: a step of
    seconds is set right by the counter. The answer depends on the entry alone, save that nothing happens after it was
    received: an anchor by which it did is wrong, and says nothing of when it happened.
    """
    measured_at = from_unix_ms(anchor_ms + monotonic_ms) if anchor_ms is not None else None
    if measured_at is None:
        return Moment(min(occurred_at, received_at), is_doubtful=True)
    is_skewed = abs(occurred_at - measured_at) > GREATEST_SKEW or measured_at - received_at > GREATEST_SKEW
    return Moment(min(measured_at, received_at), is_doubtful=is_skewed or state is ClockState.UNKNOWN)


def settled_moment(received_at: datetime, *, monotonic_ms: int, anchor_ms: int) -> Moment:
    """Return the time by an anchor that a lead has settled: the wall clock is not asked any more."""
    measured_at = from_unix_ms(anchor_ms + monotonic_ms)
    return Moment(min(measured_at or received_at, received_at), is_doubtful=measured_at is None)


def from_unix_ms(milliseconds: int) -> datetime | None:
    """Return the aware time of Unix milliseconds; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


def unix_ms(moment: datetime) -> int:
    """Return whole Unix milliseconds of an aware time."""
    return (moment - EPOCH) // timedelta(milliseconds=1)
