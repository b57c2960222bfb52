"""What time it was when a device wrote an entry, and whether that is in doubt."""

from datetime import UTC, datetime, timedelta

import pytest

from chotxanh.domain.clocks import ClockState, moment_of, unix_ms

BOOTED = datetime(2021, 7, 25, 1, tzinfo=UTC)
RECEIVED = BOOTED + timedelta(hours=12)
AN_HOUR = 3_600_000


@pytest.mark.parametrize(
    ("step", "is_doubtful"),
    [(3, False), (-30, False), (299, False), (-300, False), (301, True), (-301, True)],
)
def test_a5_a_known_step_below_five_minutes_is_no_doubt(step: int, *, is_doubtful: bool) -> None:
    """Offline the wall clock steps (NTP, a lid closed): the counter says what time it was."""
    moment = moment_of(
        BOOTED + timedelta(hours=1, seconds=step),
        RECEIVED,
        state=ClockState.JUMPED,
        monotonic_ms=AN_HOUR,
        anchor_ms=unix_ms(BOOTED),
    )
    assert moment.effective_at == BOOTED + timedelta(hours=1)
    assert moment.is_doubtful is is_doubtful


def test_a_clock_that_was_never_measured_is_doubtful() -> None:
    moment = moment_of(BOOTED, RECEIVED, state=ClockState.UNKNOWN, monotonic_ms=0, anchor_ms=None)
    assert (moment.effective_at, moment.is_doubtful) == (BOOTED, True)


@pytest.mark.parametrize(("ahead", "is_doubtful"), [(299, False), (301, True), (315_360_000, True)])
def test_b2_a_measured_time_after_the_receipt_is_in_doubt(ahead: int, *, is_doubtful: bool) -> None:
    """An anchor ten years ahead, and a wall clock that agrees with it, made every deed certain."""
    written = RECEIVED + timedelta(seconds=ahead)
    moment = moment_of(
        written,
        RECEIVED,
        state=ClockState.GOOD,
        monotonic_ms=AN_HOUR,
        anchor_ms=unix_ms(written) - AN_HOUR,
    )
    assert (moment.effective_at, moment.is_doubtful) == (RECEIVED, is_doubtful)
