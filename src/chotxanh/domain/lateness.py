"""What came late: received long after it was done, and when somebody was known to be positive already (finding B2).

Who turns a clock back can date a sample or a correction before everything that speaks against it; nobody can date its
receipt. So what comes late is compared with when the warning was received.
"""

from datetime import datetime, timedelta

# A station with a line sends what it records at once, and a rapid test is read within half an hour.
FAR = timedelta(hours=1)
# A post whose line comes back sends its warning and what follows from it within minutes, the oldest first.
ONE_SENDING = timedelta(minutes=15)


def late_at(done_at: datetime, received_at: datetime | None) -> datetime | None:
    """Return when something was received that was done, at the earliest, long before; None for what was not (UTC).

    Of a time in doubt its earliest counts, as for all that a negative does: who turns a clock off must not be believed
    sooner than who has one. Nobody is suspended by it; what waits is only what would end a warning.
    """
    is_late = received_at is not None and done_at < received_at - FAR
    return received_at if is_late else None


def came_after(late: datetime | None, warned_at: datetime | None) -> bool:
    """Say whether what came late at `late` came when a warning received at `warned_at` (UTC) was known here."""
    return late is not None and warned_at is not None and late > warned_at + ONE_SENDING
