"""Reads the certificates of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.certificates.models import Certificate, Revocation
from chotxanh.certificates.outcomes import Outcome, outcome_of
from chotxanh.keys.sealing import unseal
from chotxanh.ledger.models import Entry
from chotxanh.registers.facilities.models import Facility
from chotxanh.storage.questions import Question, answers


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate as its holder sees it; `text` is None once erased. Times are UTC."""

    text: str | None
    status: Outcome
    facility_name: str
    sampled_at: datetime
    resulted_at: datetime
    valid_until: datetime
    category: str


class _EndRow(NamedTuple):
    person_code: str
    valid_until: datetime


_IN_FORCE = Question(
    """
SELECT certificate.person_code, certificate.valid_until FROM certificates_certificate AS certificate
WHERE certificate.person_code AMONG AND NOT EXISTS (
    SELECT 1 FROM certificates_revocation AS revocation WHERE revocation.certificate = certificate.id
)
""",
    _EndRow,
)


class _Sealed(msgspec.Struct, frozen=True):
    text: str


def certificates_of(person_code: str, now: datetime) -> list[HeldCertificate]:
    """Return a person's certificates, newest first, with their standing at `now`."""
    certificates = list(Certificate.objects.filter(person_code=person_code).order_by("-issued_at", "-id"))
    revocations = Revocation.objects.in_bulk([each.id for each in certificates])
    texts = _texts([each.entry for each in certificates])
    names = dict(Facility.objects.values_list("code", "name"))
    return [
        HeldCertificate(
            texts.get(each.entry),
            _status(each, revocations.get(each.id), now),
            names.get(each.facility, each.facility),
            each.sampled_at,
            each.resulted_at,
            each.valid_until,
            each.category,
        )
        for each in certificates
    ]


def standing_until(codes: Sequence[str]) -> dict[str, datetime]:
    """Return until when each person's certificate in force holds."""
    ends = sorted(answers(_IN_FORCE, codes), key=lambda each: each.valid_until)
    return {each.person_code: each.valid_until for each in ends}


def _status(certificate: Certificate, revocation: Revocation | None, now: datetime) -> Outcome:
    return outcome_of(revocation, certificate.valid_until, now, is_detected=False)


def _texts(entries: Sequence[UUID]) -> dict[UUID, str]:
    rows = Entry.objects.filter(id__in=entries, personal__isnull=False).values_list("id", "personal")
    return {
        id: msgspec.json.decode(unseal(bytes(sealed or b""), id.bytes), type=_Sealed).text
        for id, sealed in rows
    }
