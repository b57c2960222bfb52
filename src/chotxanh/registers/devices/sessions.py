"""Signs members in at a station and recognises their bearer tokens afterwards."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import NodeRole, Role
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import AT_POSTS, WORKS, Work
from chotxanh.keys.signatures import is_public_point, verifies
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.kept_tickets import Kept, end_kept_tickets, keep_ticket
from chotxanh.registers.devices.models import Device, Session
from chotxanh.registers.devices.tickets import Ticket, end_tickets, write_ticket
from chotxanh.registers.staff.accounts import check_demonstration, check_own_password
from chotxanh.registers.staff.badges import forget_wrong_pins
from chotxanh.registers.staff.grants import covers
from chotxanh.registers.staff.models import Member
from chotxanh.registers.staff.passwords import Asker, check_password
from chotxanh.storage.statements import as_column, as_uuid

SESSION_LIFE = timedelta(hours=16)


# One row for each of the member's grants in force; values: time, time, digest, time.
SESSION = """
SELECT session.device_id, session.member_id, device.revoked_at IS NOT NULL AS is_revoked,
    held.facility, held.site, held.post, held.role
FROM devices_session AS session
JOIN devices_device AS device ON device.id = session.device_id
JOIN staff_member AS member ON member.id = session.member_id AND member.is_active
LEFT JOIN staff_grant AS held ON held.member = session.member_id
    AND held.valid_from <= %s AND (held.valid_to IS NULL OR held.valid_to > %s)
WHERE session.digest = %s AND session.expires_at > %s
"""


class ReachInForce(NamedTuple):
    """Where one of a member's grants reaches now."""

    facility: str
    site: str
    post: UUID | None
    works: frozenset[Work]


@dataclass(frozen=True)
class OpenSession:
    """A member at work at a device: their identifiers, and where the member's grants reach now with which works."""

    device: UUID
    member: UUID
    reach: tuple[ReachInForce, ...]

    def works_at(self, place: Place) -> frozenset[Work]:
        """The member's works at a place: what they may see there of a person who is asked for by code."""
        here = (each.works for each in self.reach if covers(each, place))
        return frozenset[Work]().union(*here)

    def works_everywhere(self) -> frozenset[Work]:
        """What the member does wherever they work: as much as is certain where nobody says at which post they are."""
        return frozenset.intersection(*(each.works for each in self.reach)) if self.reach else frozenset()


class Attempt(Protocol):
    """What a device signs to prove itself."""

    @property
    def device(self) -> UUID:
        """The device."""

    @property
    def at_ms(self) -> int:
        """When, by its clock (Unix ms)."""

    @property
    def opener(self) -> str | None:
        """The public point (base64url) of the key by which the station will open what it keeps (`Ticket.opens`)."""

    @property
    def signature(self) -> bytes:
        """Its signature over `signed_text`."""

    @property
    def signed_text(self) -> bytes:
        """What it signed."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in attempt, signed by the device so that a password alone opens nothing elsewhere."""

    device: UUID
    username: str
    password: str
    at_ms: int
    signature: bytes
    opener: str | None = None

    @property
    def signed_text(self) -> bytes:
        """What the device signed."""
        return text_signed(self, self.username)


def text_signed(attempt: Attempt, name: str) -> bytes:
    """Return what a device signs for a sign-in by `name`."""
    opener = f":{attempt.opener}" if attempt.opener else ""
    return f"sign-in:{attempt.device}:{name}:{attempt.at_ms}{opener}".encode()


@dataclass(frozen=True)
class SignedIn:
    """The ticket for the ledger, the token for reading, and what the station keeps for when the line is down."""

    member: Member
    ticket: str
    token: str
    expires_at: datetime
    kept: Kept | None


def sign_in(attempt: SignIn, now: datetime) -> SignedIn:
    """Check device and password and open a session.

    Raises Problem: `device_unknown`, `device_revoked`, `sign_in_stale`, `demonstration_over`, `password_new`, and
    what `check_password` raises.
    """
    device = device_of(attempt, now)
    asker = Asker(f"device {device.id}", is_known=True)
    member = check_password(attempt.username, attempt.password, asker, now)
    check_demonstration(member)
    check_own_password(member)
    forget_wrong_pins(member.id, device.id)
    with transaction.atomic():
        if not is_still_so(Member.objects.filter(id=member.id, is_active=True, password=member.password)):
            raise Problem("sign_in_wrong")
        return begin_session(member, device, attempt.opener, now)


def is_still_so(proven: QuerySet[Any]) -> bool:
    """Say whether what was proven stands, and let nobody end it before this transaction is over.

    A password or badge that is ended while the hash is computed opens nothing, and ends what was opened just before.
    """
    return proven.select_for_update().first() is not None


def begin_session(member: Member, device: Device, opener: str | None, now: datetime) -> SignedIn:
    """Open a session for who proved who they are. What the same member holds there stays: the answer may be lost.

    Called within the transaction in which that still was so.
    """
    token = secrets.token_urlsafe(32)
    expires_at = now + SESSION_LIFE
    Session.objects.filter(expires_at__lt=now).delete()
    ticket = Ticket(member.id, device.id, now, expires_at, uuid4())
    Session.objects.create(
        digest=digest_of(token), device=device, member=member, ticket=ticket.id, expires_at=expires_at
    )
    kept = keep_ticket(member.id, device.id, opener, now)
    return SignedIn(member, write_ticket(ticket), token, expires_at, kept)


def take_over(device: UUID, member: Member, now: datetime) -> None:
    """End what others hold at a device where a member has just been let in (UTC `now`)."""
    end_sessions(Session.objects.filter(device=device).exclude(member=member), now)


def session_values(token: str, now: datetime) -> list[Any]:
    """Return the values of SESSION for a bearer token at `now` (UTC)."""
    at = as_column(now)
    return [at, at, digest_of(token), at]


def open_session(rows: Sequence[Sequence[Any]]) -> OpenSession:
    """Return the session that SESSION gave. Raises Problem: `session_over`, `device_revoked`."""
    if not rows:
        raise Problem("session_over")
    device, member, is_revoked = rows[0][:3]
    if is_revoked:
        raise Problem("device_revoked")
    reach = tuple(
        ReachInForce(row[3], row[4], as_uuid(row[5]) if row[5] is not None else None, WORKS[Role(row[6])])
        for row in rows
        if row[3] is not None and Role(row[6]) in AT_POSTS
    )
    return OpenSession(as_uuid(device), as_uuid(member), reach)


def sign_out(digest: bytes, now: datetime) -> None:
    """End the session whose token has this digest at `now` (UTC), and those its member had before at that device.

    Only who had the token knows it, and it opens nothing. One that is over already stays so.
    """
    session = Session.objects.filter(digest=digest).first()
    if session is not None:
        theirs = Session.objects.filter(device=session.device_id, member=session.member_id)
        # One that began later is not meant: a station does not wait for the answer, and the line may be slow.
        end_sessions(theirs.filter(expires_at__lte=session.expires_at), now)


def end_sessions_of(member: Member, now: datetime) -> None:
    """End every session of a member at `now` (UTC), and what stations keep, as when the password changes."""
    end_sessions(Session.objects.filter(member=member), now)
    end_kept_tickets([member.id], now)


def end_sessions(sessions: QuerySet[Session], now: datetime) -> None:
    """End these sessions and their tickets at `now` (UTC), those that are over by a clock that may be ahead too."""
    with transaction.atomic():
        begun = sessions.filter(ticket__isnull=False)
        end_tickets([ticket for ticket in begun.values_list("ticket", flat=True) if ticket], now)
        sessions.delete()


def device_of(attempt: Attempt, now: datetime) -> Device:
    """Return the station that signed it.

    Raises Problem: `device_unknown`, `device_revoked`, `request_unreadable`, `sign_in_stale`.
    """
    device = Device.objects.filter(id=attempt.device, role=NodeRole.STATION).first()
    if device is None or not verifies(bytes(device.public_point), attempt.signed_text, attempt.signature):
        raise Problem("device_unknown")
    if device.revoked_at is not None:
        raise Problem("device_revoked")
    if attempt.opener is not None and not is_public_point(from_base64url(attempt.opener) or b""):
        raise Problem("request_unreadable")
    if abs(unix_ms(now) - attempt.at_ms) > SESSION_LIFE // timedelta(milliseconds=1):
        raise Problem("sign_in_stale")
    return device


def digest_of(token: str) -> bytes:
    """Return the SHA-256 by which a session is kept."""
    return hashlib.sha256(token.encode()).digest()
