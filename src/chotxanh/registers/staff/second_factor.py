"""The second thing asked of who decides for others: a code of their authenticator, or one kept for its loss."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from chotxanh.beside.limits import SECOND_CODES
from chotxanh.beside.throttle import take
from chotxanh.domain.codes import ALPHABET, plain
from chotxanh.domain.kinds import LEADS, PHYSICIANS, Role
from chotxanh.domain.problems import Problem
from chotxanh.keys.one_time_codes import step_of
from chotxanh.keys.sealing import seal, unseal
from chotxanh.registers.staff.grants import has_role
from chotxanh.registers.staff.models import Member, SecondFactor

# Who decides about others, or administers what may be decided and read.
ASKED_OF = LEADS | PHYSICIANS | {Role.DATA_PROTECTION}
KEPT_CODES, KEPT_GROUPS, GROUP_LENGTH = 10, 3, 4
NEVER = -1


class _Kept(msgspec.Struct, frozen=True):
    """The secret, and the SHA-256 (hexadecimal) of each code for its loss that was not used."""

    secret: str
    digests: list[str]


class Given(NamedTuple):
    """A member's authenticator as its owner reads it: since when (UTC), and how many codes for its loss are left."""

    since: datetime
    codes_left: int


def is_asked_of(member: Member, now: datetime) -> bool:
    """Say whether a password alone does not open the office to a member at `now` (UTC).

    Everybody knows the passwords of the demonstration, so a second thing would guard nothing there.
    """
    return not member.is_demonstration and has_role(member, ASKED_OF, now)


def second_factor_of(member: UUID) -> Given | None:
    """Return what is known of a member's authenticator; None before there is one."""
    found = SecondFactor.objects.filter(member=member).first()
    return Given(found.since, len(_open(found).digests)) if found else None


def begin_second_factor(member: Member, secret: str, code: str, now: datetime) -> list[str]:
    """Take an authenticator that shows the right code; return the codes for its loss, kept nowhere.

    It takes the place of an earlier one. Raises Problem: `second_code_wrong`, `second_code_too_often`.
    """
    taken = take(SECOND_CODES, str(member.id), now, otherwise="second_code_too_often")
    step = step_of(secret, _digits(code), now)
    if step is None:
        raise Problem("second_code_wrong")
    taken.give_back()
    codes = _new_codes()
    kept = _seal(member.id, _Kept(secret, [_digest(each) for each in codes]))
    SecondFactor.objects.update_or_create(
        member=member.id, defaults={"sealed": kept, "last_step": step, "since": now}
    )
    return codes


def check_second_code(member: Member, code: str, now: datetime) -> None:
    """Take one code of a member's authenticator, or one kept for its loss; neither is taken twice.

    Guesses are counted by account: who asks knows the password already. Raises Problem: `second_code_wrong`,
    `second_code_too_often`.
    """
    taken = take(SECOND_CODES, str(member.id), now, otherwise="second_code_too_often")
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(member=member.id).first()
        if found is None or not _use(found, code, now):
            raise Problem("second_code_wrong")
    taken.give_back()


def renew_kept_codes(member: Member, code: str, now: datetime) -> list[str]:
    """Return new codes for the authenticator's loss in place of those left. Raises Problem as `check_second_code`."""
    check_second_code(member, code, now)
    codes = _new_codes()
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().get(member=member.id)
        found.sealed = _seal(member.id, _Kept(_open(found).secret, [_digest(each) for each in codes]))
        found.save(update_fields=["sealed"])
    return codes


def forget_second_factor(member: UUID) -> None:
    """Forget a member's authenticator: at the next sign-in another one is asked for."""
    SecondFactor.objects.filter(member=member).delete()


def _use(found: SecondFactor, code: str, now: datetime) -> bool:
    kept = _open(found)
    step = step_of(kept.secret, _digits(code), now)
    if step is not None:
        is_new = step > found.last_step
        found.last_step = max(step, found.last_step)
        found.save(update_fields=["last_step"])
        return is_new
    wanted = _digest(plain(code))
    left = [each for each in kept.digests if not hmac.compare_digest(each, wanted)]
    if len(left) == len(kept.digests):
        return False
    found.sealed = _seal(found.member, _Kept(kept.secret, left))
    found.save(update_fields=["sealed"])
    return True


def _new_codes() -> list[str]:
    """Twelve symbols each: 57 bits, in groups to be written down."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(KEPT_GROUPS))
        for _ in range(KEPT_CODES)
    ]


def _digits(code: str) -> str:
    return "".join(code.split())


def _digest(code: str) -> str:
    return hashlib.sha256(plain(code).encode()).hexdigest()


def _open(found: SecondFactor) -> _Kept:
    return msgspec.json.decode(unseal(bytes(found.sealed), found.member.bytes), type=_Kept)


def _seal(member: UUID, kept: _Kept) -> bytes:
    return seal(msgspec.json.encode(kept), member.bytes)
