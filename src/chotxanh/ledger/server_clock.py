"""The server's time as the ledger takes it: it never falls, and a clock that is behind is noticed (finding B2)."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from chotxanh.storage.statements import as_time, ask

READ_EVERY_SECONDS = 30.0
MOST_BEHIND = timedelta(seconds=5)
# But for what was received while the clock was ahead, as somebody has said since. What came after the word binds, also
# once the true time has come to where the clock had run: else a clock that falls again would not be noticed there.
_NEWEST = """
SELECT entry.received_at FROM ledger_entry AS entry WHERE NOT EXISTS (
    SELECT 1 FROM ledger_clockputright AS said JOIN ledger_entry AS word ON word.id = said.id
    WHERE said.since < entry.received_at AND entry.received_at <= said.until AND entry.clock_era <= word.clock_era
) ORDER BY entry.received_at DESC LIMIT 1
"""
_ERA = """
SELECT COALESCE(MAX(word.clock_era) + 1, 0) FROM ledger_clockputright AS said
JOIN ledger_entry AS word ON word.id = said.id
"""


@dataclass
class _Known:
    """What this process knows: the last time that it gave out or read, in which era, and when it read."""

    latest: datetime | None = None
    era: int = 0
    read_at: float = float("-inf")


_known = _Known()


def receipt_time(now: datetime) -> datetime:
    """Return when what arrives at `now` (UTC, by this machine) is received: not before what was written last."""
    if not settings.IS_CLOCK_WATCHED:
        return now
    _read_now_and_then()
    _known.latest = latest = max(now, _known.latest or now)
    return latest


def behind_by(now: datetime) -> timedelta:
    """Return by how much this machine's clock is behind what was written last, asked at `now` (UTC)."""
    return receipt_time(now) - now


def is_behind() -> bool:
    """Say whether this machine's clock is so far behind that no paper may rest on it.

    It is looked at anew: the time at which something is decided may be that of an entry, or the worker's.
    """
    return behind_by(timezone.now()) > MOST_BEHIND


def clock_era() -> int:
    """Return how often, as this process knows, somebody has said that the clock was ahead and put right.

    For half a minute a process may not know of the last word: it goes on with the time to which the clock had run, and
    what it receives so is of the era before, like all that the word is about.
    """
    if settings.IS_CLOCK_WATCHED:
        _read_now_and_then()
    return _known.era


def forget() -> None:
    """Forget what is known, as a process does that starts."""
    _known.latest, _known.era, _known.read_at = None, 0, float("-inf")


def _read_now_and_then() -> None:
    at = time.monotonic()
    if at - _known.read_at < READ_EVERY_SECONDS:
        return
    _known.read_at = at
    ((era,),) = ask(_ERA)
    if era != _known.era:
        _known.latest, _known.era = None, era
    for (written,) in ask(_NEWEST):
        newest = as_time(written)
        _known.latest = max(newest, _known.latest or newest)
