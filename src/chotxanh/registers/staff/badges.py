"""Badges: a code to scan and a PIN of six digits, for people who change every week and take over within seconds."""

import hashlib
import hmac
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.db.models import F

from chotxanh.domain.codes import CodeType, new_code, plain
from chotxanh.domain.problems import Problem
from chotxanh.keys.pins import is_pin, is_weak, new_pin, new_salt, pin_key
from chotxanh.keys.sealing import seal, unseal
from chotxanh.registers.staff.models import Badge, Member, PinGuesses

MOST_WRONG = 5
FIRST_PIN_LIFE = timedelta(days=7)


class _Secrets(msgspec.Struct, frozen=True):
    """What lies sealed; `first_pin` is there until its owner chose another."""

    code: str
    salt: bytes
    key: bytes
    first_pin: str | None = None


@dataclass(frozen=True)
class PrintedBadge:
    """One badge as it is printed; `first_pin` until its owner chose another."""

    member: UUID
    code: str
    first_pin: str | None


@dataclass(frozen=True)
class PinLock:
    """What seals a ticket for a member's PIN: the badge's SHA-256, and the salt and key (32 bytes) of the PIN."""

    badge: bytes
    salt: bytes
    key: bytes


def give_badges(members: Iterable[UUID], now: datetime) -> None:
    """Give each of these members a badge with a first PIN (UTC `now`); an earlier one ends."""
    wanted = list(members)
    end_badges(wanted, now)
    Badge.objects.bulk_create([_new_badge(member, now) for member in wanted])


def end_badges(members: Collection[UUID], now: datetime) -> list[UUID]:
    """End the badges of these members (UTC `now`); return whose there were."""
    found = Badge.objects.filter(member__in=members, ended_at=None)
    with transaction.atomic():
        owners = list(found.values_list("member", flat=True))
        found.update(ended_at=now)
    return owners


def badges_of(members: Collection[UUID]) -> dict[UUID, Badge]:
    """Return the badge in use of each of these members who has one."""
    return {each.member: each for each in Badge.objects.filter(member__in=members, ended_at=None)}


def printed(badges: Iterable[Badge]) -> list[PrintedBadge]:
    """Return badges as they are printed."""
    read = ((each, _open(each)) for each in badges)
    return [PrintedBadge(each.member, kept.code, kept.first_pin) for each, kept in read]


def lock_of(member: UUID) -> PinLock | None:
    """Return what seals a ticket for this member's own PIN; None where there is none yet."""
    badge = Badge.objects.filter(member=member, ended_at=None, has_first_pin=False).first()
    if badge is None:
        return None
    kept = _open(badge)
    return PinLock(bytes(badge.digest), kept.salt, kept.key)


def check_badge(code: str, pin: str, device: UUID, now: datetime) -> Badge:
    """Return the badge in use whose code and PIN these are, and which may be used at `now` (UTC).

    Five wrong PINs at one device, and there only a password opens, until one did or the badge is given anew.
    Raises Problem: `badge_unknown`, `badge_over`, `pin_locked`, `pin_wrong`, `pin_over`.
    """
    badge = Badge.objects.filter(digest=_digest(code)).first()
    if badge is None:
        raise Problem("badge_unknown")
    if badge.ended_at is not None:
        raise Problem("badge_over")
    _count(badge.id, device)
    kept = _open(badge)
    if not is_pin(pin) or not hmac.compare_digest(pin_key(pin, kept.salt), kept.key):
        raise Problem("pin_wrong")
    _forget(badge.id, device)
    if badge.has_first_pin and badge.first_pin_over_at <= now:
        raise Problem("pin_over")
    return badge


def choose_pin(badge: Badge, pin: str) -> None:
    """Set the PIN that its owner chose. Raises Problem("pin_weak"), also for the one so far."""
    kept = _open(badge)
    if not is_pin(pin) or is_weak(pin) or hmac.compare_digest(pin_key(pin, kept.salt), kept.key):
        raise Problem("pin_weak")
    salt = new_salt()
    badge.sealed = _seal(badge.id, _Secrets(kept.code, salt, pin_key(pin, salt)))
    badge.has_first_pin = False
    badge.save(update_fields=["sealed", "has_first_pin"])


def forget_wrong_pins(member: UUID, device: UUID) -> None:
    """Begin to count anew: the member proved at this device by a password who they are."""
    badges = Badge.objects.filter(member=member, ended_at=None).values("id")
    PinGuesses.objects.filter(badge__in=badges, device=device).delete()


def owner_of(badge: Badge) -> Member:
    """Return whose badge it is. Raises Problem("badge_unknown")."""
    found = Member.objects.filter(id=badge.member, is_active=True).first()
    if found is None:
        raise Problem("badge_unknown")
    return found


def _count(badge: UUID, device: UUID) -> None:
    """Count a guess before it is looked at, so that none is free. Raises Problem("pin_locked")."""
    PinGuesses.objects.get_or_create(badge=badge, device=device)
    left = PinGuesses.objects.filter(badge=badge, device=device, wrong__lt=MOST_WRONG)
    if not left.update(wrong=F("wrong") + 1):
        raise Problem("pin_locked")


def _forget(badge: UUID, device: UUID) -> None:
    PinGuesses.objects.filter(badge=badge, device=device).delete()


def _new_badge(member: UUID, now: datetime) -> Badge:
    id, code, pin, salt = uuid4(), new_code(CodeType.BADGE, os.urandom(16)), new_pin(), new_salt()
    return Badge(
        id=id,
        member=member,
        digest=_digest(code),
        sealed=_seal(id, _Secrets(code, salt, pin_key(pin, salt), pin)),
        first_pin_over_at=now + FIRST_PIN_LIFE,
        given_at=now,
    )


def _digest(code: str) -> bytes:
    return hashlib.sha256(plain(code).encode()).digest()


def _open(badge: Badge) -> _Secrets:
    return msgspec.json.decode(unseal(bytes(badge.sealed), badge.id.bytes), type=_Secrets)


def _seal(id: UUID, kept: _Secrets) -> bytes:
    return seal(msgspec.json.encode(kept), id.bytes)
