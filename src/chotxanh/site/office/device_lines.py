"""A device as the office's lists name it: its name, and when it was last heard, where that is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.beside.heard import last_words_of
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.door import led_by


@dataclass(frozen=True)
class DeviceLine:
    """One device; `heard_at` (UTC) is None and `waiting` 0 where it was never heard."""

    id: UUID | None
    name: str
    heard_at: datetime | None = None
    waiting: int = 0
    revoked_at: datetime | None = None

    @property
    def word(self) -> str:
        """When it was last heard, and how much it said was waiting there."""
        if self.heard_at is None:
            return ""
        heard = text("office.last_heard", time=show_time(self.heard_at))
        return f"{heard}, {text('board.entries_waiting', count=self.waiting)}" if self.waiting else heard


def device_lines(ids: Collection[UUID | None]) -> dict[UUID | None, DeviceLine]:
    """Return a line for each of these devices, in two statements; one that is not enrolled is called unknown."""
    wanted = {id for id in ids if id}
    words = last_words_of(wanted)
    unknown = text("office.device_unknown")
    lines: dict[UUID | None, DeviceLine] = {id: DeviceLine(id, unknown) for id in ids}
    for device in Device.objects.filter(id__in=wanted):
        word = words.get(device.id)
        heard_at, waiting = (word.heard_at, word.waiting) if word else (None, 0)
        lines[device.id] = DeviceLine(device.id, device.name, heard_at, waiting, device.revoked_at)
    return lines


def led_devices(member: Member) -> set[UUID] | None:
    """The devices that belong where the lead leads; None means every device of the province."""
    led = led_by(member)
    return None if led.is_province else set(led.within(Device.objects.all()).values_list("id", flat=True))
