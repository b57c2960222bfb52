"""Signs members in at a station by badge and PIN."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chotxanh.domain.problems import Problem
from chotxanh.registers.devices.kept_tickets import end_kept_tickets
from chotxanh.registers.devices.sessions import SignedIn, begin_session, device_of, is_still_so, text_signed
from chotxanh.registers.staff.accounts import check_demonstration
from chotxanh.registers.staff.badges import check_badge, choose_pin, owner_of
from chotxanh.registers.staff.models import Badge


@dataclass(frozen=True)
class BadgeSignIn:
    """A badge scanned and a PIN typed at a device, which signed it; `new_pin` where the owner chooses another."""

    device: UUID
    badge: str
    pin: str
    new_pin: str | None
    at_ms: int
    signature: bytes
    opener: str | None = None

    @property
    def signed_text(self) -> bytes:
        """What the device signed."""
        return text_signed(self, self.badge)


def sign_in_by_badge(attempt: BadgeSignIn, now: datetime) -> SignedIn:
    """Check device, badge and PIN and open a session.

    Raises Problem: `pin_new` for a first PIN without another, `badge_over`, `demonstration_over`, and what `device_of`,
    `check_badge` and `choose_pin` raise.
    """
    device = device_of(attempt, now)
    badge = check_badge(attempt.badge, attempt.pin, device.id, now)
    member = owner_of(badge)
    check_demonstration(member)
    if attempt.new_pin is None and badge.has_first_pin:
        raise Problem("pin_new")
    with transaction.atomic():
        if not is_still_so(Badge.objects.filter(id=badge.id, ended_at=None, sealed=badge.sealed)):
            raise Problem("badge_over")
        if attempt.new_pin is not None:
            choose_pin(badge, attempt.new_pin)
            end_kept_tickets([member.id], now)  # the PIN so far opens them, and somebody may have seen it
        return begin_session(member, device, attempt.opener, now)
