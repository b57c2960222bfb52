"""Enrols stations with one-time codes, and revokes them."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from chotxanh.domain.codes import ALPHABET
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import is_public_point
from chotxanh.registers.devices.models import Device, EnrolmentCode
from chotxanh.registers.staff.models import Member

CODE_SYMBOLS = 10
CODE_LIFE = timedelta(hours=24)
NAME_LENGTH = 100


@dataclass(frozen=True)
class EnrolmentRequest:
    """What a station sends once: the code, its name and the public half of the key it keeps."""

    code: str
    name: str
    public_point: bytes


def new_enrolment_code(member: Member | None, name: str, now: datetime) -> str:
    """Make a code that enrols one device within a day. It is shown once; only its digest is kept."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))
    EnrolmentCode.objects.create(
        digest=_digest(code), name=name[:NAME_LENGTH], created_by=member, expires_at=now + CODE_LIFE
    )
    return code


def enrol(request: EnrolmentRequest, device_id: UUID, now: datetime) -> Device:
    """Enrol the device that holds a code.

    Raises Problem: `public_key_invalid`, `enrolment_code_unknown`, `enrolment_code_used`, `enrolment_code_over`.
    """
    if not is_public_point(request.public_point):
        raise Problem("public_key_invalid")
    with transaction.atomic():
        code = EnrolmentCode.objects.select_for_update().filter(digest=_digest(request.code)).first()
        if code is None:
            raise Problem("enrolment_code_unknown")
        if code.used_by_id is not None:
            raise Problem("enrolment_code_used")
        if code.expires_at <= now:
            raise Problem("enrolment_code_over")
        device = Device.objects.create(
            id=device_id,
            name=("".join(filter(str.isprintable, request.name)).strip() or code.name)[:NAME_LENGTH],
            public_point=request.public_point,
            enrolled_at=now,
        )
        code.used_by = device
        code.save(update_fields=["used_by"])
    return device


def revoke_device(device_id: UUID, now: datetime) -> None:
    """Revoke a device: every entry not yet seen is held from now on, however it is dated."""
    Device.objects.filter(id=device_id, revoked_at=None).update(revoked_at=now)


def _digest(code: str) -> bytes:
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).digest()
