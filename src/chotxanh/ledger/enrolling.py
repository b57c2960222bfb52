"""Enrols stations, and revokes them: both are entries, so that no database that is put back forgets them for good."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from chotxanh.domain.base64url import to_base64url
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds, record_signed, signed
from chotxanh.protocol.envelope import WireEntry
from chotxanh.registers.devices.enrolment import EnrolmentRequest, code_to_use, name_of
from chotxanh.registers.devices.entries import DeviceEnrolled, DeviceRevoked, RevokedFor
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.models import Member


@dataclass(frozen=True)
class Enrolled:
    """The new device, and the entry by which this server enrolled it: the station keeps it."""

    device: UUID
    entry: WireEntry


def enrol(request: EnrolmentRequest, now: datetime) -> Enrolled:
    """Enrol the device that holds a code (UTC `now`).

    Raises Problem: `public_key_invalid`, `enrolment_code_unknown`, `enrolment_code_used`, `enrolment_code_over`.
    """
    return in_one_transaction(lambda: _enrol(request, now), savepoint=True)


def _enrol(request: EnrolmentRequest, now: datetime) -> Enrolled:
    code, device = code_to_use(request, now), uuid4()
    point = to_base64url(request.public_point)
    facts = DeviceEnrolled(device, name_of(request, code), point, code.facility or None, code.site or None)
    entry = signed(Deed(facts), now)
    record_signed([entry], now)
    code.used_by_id = device
    code.save(update_fields=["used_by"])
    return Enrolled(device, entry)


def revoke_device(device: Device, member: Member, now: datetime, reason: RevokedFor | None = None) -> None:
    """Revoke a device on a lead's word: what was not seen before is held, however it is dated.

    Raises Problem("actor_not_allowed") for who does not lead where it belongs.
    """
    facts = DeviceRevoked(device.id, device.facility or None, device.site or None, reason)
    record_deeds([Deed(facts, actor=member.id)], now)
