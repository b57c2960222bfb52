"""What the calendar does for keeping: each night it erases what is over, and moves old facts into the archive."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings

from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.archiving import LEAST_DAYS, ArchiveBroken, ArchiveInUse, archive_entries, has_archivable
from chotxanh.ledger.worker.registry import Outcome, daily
from chotxanh.registers.retention.entries import Category, days_kept
from chotxanh.site.backups.manifest import ARCHIVE
from chotxanh.site.keeping import CATEGORIES, erase_before
from chotxanh.site.unsealed import sweep

KEEP, KEEP_AT_HOUR = "keeping.over", 2
MOVE, MOVE_AT_HOUR = "keeping.archive", 4
MOST_FILES_A_DAY = 9
WHILE_ANOTHER_MOVES = timedelta(minutes=10)


def register_work() -> None:
    """Declare the daily jobs."""
    daily(KEEP, KEEP_AT_HOUR, erase_what_is_over)
    daily(MOVE, MOVE_AT_HOUR, archive_what_is_old)


def erase_what_is_over(day: date, now: datetime) -> Outcome:
    """Erase each category up to the beginning of the day (Viet Nam) before which it is over; twice does no harm."""
    sweep()
    for category, days in days_kept(now).items():
        if category in CATEGORIES:
            erase_before(category, _beginning(day, days), "period_over", now)
    return Outcome()


def archive_what_is_old(day: date, now: datetime) -> Outcome:
    """Move old facts into a signed file of the day in the home's `archive`; every backup takes it.

    The office may have said fewer days once, before fewer were refused.
    """
    before = _beginning(day, max(days_kept(now).get(Category.FACTS, LEAST_DAYS), LEAST_DAYS))
    folder = Path(settings.HOME, ARCHIVE)
    for number in range(1, MOST_FILES_A_DAY + 1):
        file = folder / f"{day.isoformat()}{f'-{number}' if number > 1 else ''}.jsonl.gz"
        if not file.exists() and not has_archivable(before):
            break
        folder.mkdir(mode=0o700, exist_ok=True)
        # What lies there was begun by an earlier attempt; or it is another database's, and stays as it is.
        try:
            with suppress(ArchiveBroken):
                archive_entries(before, file)
        except ArchiveInUse:
            return Outcome(again_at=now + WHILE_ANOTHER_MOVES)
    return Outcome()


def _beginning(day: date, days: int) -> datetime:
    return datetime.combine(day - timedelta(days=days), time(), tzinfo=VIETNAM).astimezone(UTC)
