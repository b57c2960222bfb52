"""Devices as entries: a station that kept its enrolment is known again, whatever database is put back."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.kinds import NodeRole
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import is_public_point
from chotxanh.protocol.envelope import Code, Line
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, follow, register
from chotxanh.protocol.places import Place
from chotxanh.registers.dated import OFFICE, Endings
from chotxanh.registers.devices.models import Device, DeviceRevocation
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert

NAME_LENGTH = 100


class DeviceEnrolled(msgspec.Struct, frozen=True):
    """This server took a key for that of a station: the base64url of its 65-byte uncompressed P-256 point.

    The device belongs to a site and the facility that answers for it; with neither, to the whole province.
    """

    device: UUID
    name: Annotated[Line, Meta(min_length=1, max_length=NAME_LENGTH)]
    public_key: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{87}\Z")]
    facility: Code | None = None
    site: Code | None = None


class RevokedFor(StrEnum):
    """Why a device counts no longer."""

    LOST = "lost"
    REPLACED = "replaced"
    COPIED = "copied"
    OTHER = "other"


class DeviceRevoked(msgspec.Struct, frozen=True):
    """A station's key counts no longer: what was not seen before is held, however it is dated.

    The office says where the device belongs, so that whoever leads there is judged alike on every node.
    """

    device: UUID
    facility: Code | None = None
    site: Code | None = None
    reason: RevokedFor | None = None


class _DeviceRow(NamedTuple):
    id: UUID
    name: str
    public_point: bytes
    role: str
    enrolled_at: datetime
    facility: str
    site: str


class _RevocationRow(NamedTuple):
    id: UUID
    device: UUID
    at: datetime


_DEVICES = Table(Device, _DeviceRow)
_REVOCATIONS = Endings(Table(DeviceRevocation, _RevocationRow), of="device")


def check_key(facts: DeviceEnrolled, _personal: None) -> None:
    """Check that the key is a point of the curve. Raises Problem("public_key_invalid")."""
    if not is_public_point(from_base64url(facts.public_key) or b""):
        raise Problem("public_key_invalid")


def apply_enrolled(happenings: Sequence[Happening[DeviceEnrolled, None]], _touched: Touched) -> None:
    """Store devices; of several enrolments of one the earliest stands, and one that was revoked before is revoked."""
    rows = [_row(item) for item in happenings]
    earliest: dict[UUID, _DeviceRow] = {}
    for row in [*rows, *lookup(_DEVICES, "id", [row.id for row in rows])]:
        earliest[row.id] = min(row, earliest.get(row.id, row), key=_enrolled_first)
    upsert(_DEVICES, list(earliest.values()))
    _REVOCATIONS.reckon(_DEVICES, "revoked_at", [item.facts.device for item in happenings])


def apply_revoked(happenings: Sequence[Happening[DeviceRevoked, None]], _touched: Touched) -> None:
    """Store revocations."""
    rows = [_RevocationRow(item.id, item.facts.device, item.effective_at) for item in happenings]
    _REVOCATIONS.store(rows)
    _REVOCATIONS.reckon(_DEVICES, "revoked_at", [item.facts.device for item in happenings])


def register_kinds() -> None:
    """Declare the kinds this register owns."""
    register(ENROLLED, REVOKED)
    follow([DeviceEnrolled], apply_enrolled)
    follow([DeviceRevoked], apply_revoked)


def _enrolled_first(row: _DeviceRow) -> tuple[datetime, bytes, str]:
    """The order in which enrolments count: no later one replaces a key."""
    return (row.enrolled_at, bytes(row.public_point), row.name)


def _row(item: Happening[DeviceEnrolled, None]) -> _DeviceRow:
    facts = item.facts
    return _DeviceRow(
        id=facts.device,
        name=facts.name,
        public_point=from_base64url(facts.public_key) or b"",
        role=NodeRole.STATION.value,
        enrolled_at=item.effective_at,
        facility=facts.facility or "",
        site=facts.site or "",
    )


_STATION = "017adaf0-0000-7000-8000-000000000040"
ENROLLED = KindRow(
    "device.enrolled",
    DeviceEnrolled,
    Who(nodes=PROVINCE),
    "A station's key was enrolled with a one-time code.",
    ("Đăng ký máy", "Device enrolled"),
    {
        "device": _STATION,
        "name": "Máy bàn làn 1, chốt Phú Mỹ",
        "public_key": (
            "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
        ),
        "facility": "ttyt-phu-my",
        "site": "ql51-xe-tai",
    },
    check=check_key,
    changes_judging=True,
)
REVOKED = KindRow(
    "device.revoked",
    DeviceRevoked,
    OFFICE,
    "A station's key counts no longer.",
    ("Thu hồi máy", "Device revoked"),
    {"device": _STATION, "facility": "ttyt-phu-my", "site": "ql51-xe-tai"},
    place=lambda facts: Place(facts.facility or "", facts.site or ""),
    changes_judging=True,
)
