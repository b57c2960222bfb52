"""Signs members in at a station and recognises their bearer tokens afterwards."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import verifies
from chotxanh.registers.devices.models import Device, Session
from chotxanh.registers.devices.tickets import Ticket, write_ticket
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.passwords import Asker, check_password
from chotxanh.storage.statements import ask

SESSION_LIFE = timedelta(hours=16)


_SESSION = """
SELECT session.device_id, session.member_id, session.expires_at, device.revoked_at, member.is_active,
    held.id, held.role, held.facility, held.site, held.post, held.valid_from, held.valid_to
FROM devices_session AS session
JOIN devices_device AS device ON device.id = session.device_id
JOIN staff_member AS member ON member.id = session.member_id
LEFT JOIN staff_grant AS held ON held.member = session.member_id
WHERE session.digest = %s
"""


@dataclass(frozen=True)
class OpenSession:
    """A member at work at a device: their identifiers, and every grant the member ever had."""

    device: UUID
    member: UUID
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True)
class SignIn:
    """A sign-in attempt, signed by the device so that a password alone opens nothing elsewhere."""

    device: UUID
    username: str
    password: str
    at_ms: int
    signature: bytes

    @property
    def signed_text(self) -> bytes:
        """What the device signed."""
        return f"sign-in:{self.device}:{self.username}:{self.at_ms}".encode()


@dataclass(frozen=True)
class SignedIn:
    """The ticket for the ledger and the token for reading."""

    member: Member
    ticket: str
    token: str
    expires_at: datetime


def sign_in(attempt: SignIn, now: datetime) -> SignedIn:
    """Check device and password and open a session.

    Raises Problem: `device_unknown`, `device_revoked`, `sign_in_stale`, and what `check_password` raises.
    """
    device = _device_of(attempt, now)
    asker = Asker(f"device {device.id}", is_known=True)
    member = check_password(attempt.username, attempt.password, asker, now)
    token = secrets.token_urlsafe(32)
    expires_at = now + SESSION_LIFE
    Session.objects.filter(expires_at__lt=now).delete()
    Session.objects.create(digest=_digest(token), device=device, member=member, expires_at=expires_at)
    ticket = write_ticket(Ticket(member.id, device.id, now, expires_at))
    return SignedIn(member, ticket, token, expires_at)


def session_for(token: str, now: datetime) -> OpenSession:
    """Return who is behind a bearer token, with all their grants, in one statement.

    Raises Problem: `session_over`, `device_revoked`.
    """
    rows = ask(_SESSION, [_digest(token)])
    if not rows or _utc(rows[0][2]) <= now or not rows[0][4]:
        raise Problem("session_over")
    if rows[0][3] is not None:
        raise Problem("device_revoked")
    device, member = (UUID(str(id)) for id in rows[0][:2])
    return OpenSession(device, member, tuple(_grant(member, row[5:]) for row in rows if row[5] is not None))


def _grant(member: UUID, row: tuple[Any, ...]) -> GrantRow:
    id, role, facility, site, post, valid_from, valid_to = row
    return GrantRow(
        id=UUID(str(id)),
        member=member,
        role=role,
        facility=facility,
        site=site,
        post=UUID(str(post)) if post else None,
        valid_from=_utc(valid_from),
        until=None,
        valid_to=_utc(valid_to) if valid_to else None,
    )


def _utc(moment: datetime) -> datetime:
    """SQLite keeps times in UTC without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _device_of(attempt: SignIn, now: datetime) -> Device:
    device = Device.objects.filter(id=attempt.device, is_node=False).first()
    if device is None or not verifies(bytes(device.public_point), attempt.signed_text, attempt.signature):
        raise Problem("device_unknown")
    if device.revoked_at is not None:
        raise Problem("device_revoked")
    if abs(unix_ms(now) - attempt.at_ms) > SESSION_LIFE // timedelta(milliseconds=1):
        raise Problem("sign_in_stale")
    return device


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
