"""One-time codes that enrol stations."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from chotxanh.domain.codes import ALPHABET
from chotxanh.domain.kinds import LEADS
from chotxanh.domain.problems import Problem
from chotxanh.keys.signatures import is_public_point
from chotxanh.protocol.places import Place
from chotxanh.registers.devices.entries import NAME_LENGTH
from chotxanh.registers.devices.models import EnrolmentCode
from chotxanh.registers.staff.grants import grants_for
from chotxanh.registers.staff.leading import led_with
from chotxanh.registers.staff.models import Member

CODE_SYMBOLS = 10
CODE_LIFE = timedelta(hours=24)
WHOLE_PROVINCE = Place()


@dataclass(frozen=True)
class EnrolmentRequest:
    """What a station sends once: the code, its name and the public half of the key it keeps."""

    code: str
    name: str
    public_point: bytes


def new_enrolment_code(member: Member | None, name: str, now: datetime, place: Place = WHOLE_PROVINCE) -> str:
    """Make a code that enrols one device of a place within a day (UTC `now`); None stands for who runs the server.

    It is shown once; only its digest is kept. Raises Problem("not_allowed") for who does not lead there.
    """
    if not _may_enrol(member, place, now):
        raise Problem("not_allowed")
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))
    EnrolmentCode.objects.create(
        digest=_digest(code),
        name=name[:NAME_LENGTH],
        created_by=member,
        expires_at=now + CODE_LIFE,
        facility=place.facility,
        site=place.site,
    )
    return code


def code_to_use(request: EnrolmentRequest, now: datetime) -> EnrolmentCode:
    """Return the code, locked until the transaction ends; whoever enrols the device notes who used it.

    The code of somebody who leads there no longer is over.

    Raises Problem: `public_key_invalid`, `enrolment_code_unknown`, `enrolment_code_used`, `enrolment_code_over`.
    """
    if not is_public_point(request.public_point):
        raise Problem("public_key_invalid")
    code = EnrolmentCode.objects.select_for_update().filter(digest=_digest(request.code)).first()
    if code is None:
        raise Problem("enrolment_code_unknown")
    if code.used_by_id is not None:
        raise Problem("enrolment_code_used")
    if code.expires_at <= now or not _may_enrol(code.created_by, code.place, now):
        raise Problem("enrolment_code_over")
    return code


def name_of(request: EnrolmentRequest, code: EnrolmentCode) -> str:
    """Return what the device is called: as it asks, or else as its code was meant."""
    asked = "".join(filter(str.isprintable, request.name)).strip()
    return (asked or code.name)[:NAME_LENGTH]


def _may_enrol(member: Member | None, place: Place, now: datetime) -> bool:
    return member is None or led_with(grants_for(member, LEADS), now).covers(place)


def _digest(code: str) -> bytes:
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).digest()
