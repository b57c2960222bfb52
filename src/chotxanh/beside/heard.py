"""When each device was last heard, and how much it said was waiting: a silent station is seen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.beside.models import HeardDevice

MOST_WAITING = 2**31 - 1


@dataclass(frozen=True)
class Heard:
    """What a device last said of itself; `heard_at` is UTC."""

    device: UUID
    waiting: int
    heard_at: datetime


def note_heard(device: UUID, waiting: int, now: datetime) -> None:
    """Write down that a device spoke at `now` (UTC), with so many of its entries waiting to be sent."""
    waiting = min(max(waiting, 0), MOST_WAITING)
    HeardDevice.objects.update_or_create(device=device, defaults={"waiting": waiting, "heard_at": now})


def heard() -> list[Heard]:
    """Return every device that ever spoke, the longest silent first."""
    rows = HeardDevice.objects.order_by("heard_at", "device")
    return [Heard(row.device, row.waiting, row.heard_at) for row in rows]
