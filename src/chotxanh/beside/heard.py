"""When each device was last heard, and how much it said was waiting: a silent station is seen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chotxanh.beside.models import HeardDevice
from chotxanh.beside.router import beside
from chotxanh.storage.statements import as_column, carry_out

MOST_WAITING = 2**31 - 1
# A station polls every four seconds: what it says again within this time is not written again.
SAME_WORD = timedelta(seconds=10)
_NOTE = """
INSERT INTO beside_hearddevice (device, site, waiting, heard_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (device)
DO UPDATE SET site = EXCLUDED.site, waiting = EXCLUDED.waiting, heard_at = EXCLUDED.heard_at
"""
_last_words: dict[UUID, "Heard"] = {}


@dataclass(frozen=True)
class Heard:
    """What a device last said of itself, and the site it works for; `heard_at` is UTC."""

    device: UUID
    site: str
    waiting: int
    heard_at: datetime


def note_heard(device: UUID, site: str, waiting: int, now: datetime) -> None:
    """Write down that a device spoke at `now` (UTC) for a site, with so many of its entries waiting to be sent."""
    word = Heard(device, site, min(max(waiting, 0), MOST_WAITING), now)
    last = _last_words.get(device)
    is_new = last is None or (last.site, last.waiting) != (site, word.waiting)
    if last is not None and not is_new and timedelta(0) <= now - last.heard_at < SAME_WORD:
        return
    carry_out(_NOTE, [as_column(device), site, word.waiting, as_column(now)], database=beside())
    _last_words[device] = word


def heard(since: datetime | None = None) -> list[Heard]:
    """Return every device that spoke since then (UTC), the longest silent first."""
    rows = HeardDevice.objects.order_by("heard_at", "device")
    if since is not None:
        rows = rows.filter(heard_at__gte=since)
    return [Heard(row.device, row.site, row.waiting, row.heard_at) for row in rows]


def last_words_of(devices: Collection[UUID]) -> dict[UUID, Heard]:
    """Return what each of these devices last said; one that was never heard is absent."""
    rows = HeardDevice.objects.filter(device__in=devices)
    return {row.device: Heard(row.device, row.site, row.waiting, row.heard_at) for row in rows}
