"""Reads certificates: a person's own, and the answer to anyone who asks whether one is genuine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.certificates.models import Certificate, Revocation, Rule
from chotxanh.domain.hcert.certificates import RESULT_DETECTED, TEST_TYPE_CODES
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.uvci import signature_hash
from chotxanh.domain.hcert.verdict import TrustedKey, Verdict, verdict
from chotxanh.domain.names import mask_name
from chotxanh.domain.validity import Validity, validity_of
from chotxanh.keys.sealing import unseal
from chotxanh.keys.signers import trusted_certificates
from chotxanh.keys.trust import key_id, trusted_key_from_der
from chotxanh.ledger.models import Entry
from chotxanh.registers.facilities.models import Facility
from chotxanh.storage.questions import Question, answers

_TEST_TYPES = {code: test_type for test_type, code in TEST_TYPE_CODES.items()}
_UNKNOWN_SIGNER = frozenset({"key_unknown"})


class Outcome(StrEnum):
    """What a check answers, in the words of the portal."""

    VALID = "valid"
    OVER = "over"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    PROVISIONAL = "provisional"
    NOT_USABLE = "not_usable"
    UNKNOWN_ISSUER = "unknown_issuer"
    NOT_GENUINE = "not_genuine"


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


@dataclass(frozen=True)
class Verification:
    """The answer to a check. Fields are None where the certificate is not genuine. Times are UTC."""

    outcome: Outcome
    checked_at: datetime
    reason: str | None = None
    issuer: str | None = None
    facility_name: str | None = None
    masked_name: str | None = None
    birth_year: str | None = None
    test_type: str | None = None
    value: str | None = None
    category: str | None = None
    sampled_at: datetime | None = None
    resulted_at: datetime | None = None
    valid_until: datetime | None = None


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


def verify_certificate(text: str, at: datetime) -> Verification:
    """Say whether a certificate is genuine and holds at `at` (UTC): outcome, and what it says with the name masked."""
    judged = verdict(text.strip(), at=at, trusted=_trusted)
    is_genuine = judged.valid or judged.reason == "expired"
    if not is_genuine or judged.certificate is None or judged.message is None:
        is_unknown = judged.reason in _UNKNOWN_SIGNER
        outcome = Outcome.UNKNOWN_ISSUER if is_unknown else Outcome.NOT_GENUINE
        return Verification(outcome, at, judged.reason)
    if not judged.certificate.get("t"):
        return Verification(Outcome.NOT_USABLE, at, "not_a_test_certificate")
    hashed = signature_hash(judged.message.signature, judged.message.algorithm or Algorithm.ES256)
    issued = Certificate.objects.filter(signature_hash=hashed).first()
    revocation = Revocation.objects.filter(certificate=issued.id).first() if issued else None
    return _answer(judged, issued, revocation, at)


def _answer(
    judged: Verdict, issued: Certificate | None, revocation: Revocation | None, at: datetime
) -> Verification:
    certificate = judged.certificate or {}
    test, private = certificate["t"][0], judged.private or {}
    sampled_at = datetime.fromisoformat(str(test["sc"]))
    resulted_at = _moment(private.get("resulted_at"))
    category = private.get("category")
    valid_until = issued.valid_until if issued else None
    if valid_until is None and resulted_at is not None and category:
        validity = _validity(str(category), test["tt"], sampled_at, resulted_at)
        valid_until = validity.valid_until if validity else None
    is_detected = test["tr"] == RESULT_DETECTED
    name = certificate["nam"]
    full_name = f"{name.get('fn') or name.get('fnt') or ''} {name.get('gn') or name.get('gnt') or ''}".strip()
    return Verification(
        outcome=_outcome(revocation, valid_until, at, is_detected=is_detected),
        checked_at=at,
        issuer=test["is"],
        facility_name=test.get("tc"),
        masked_name=mask_name(full_name),
        birth_year=str(certificate.get("dob", ""))[:4],
        test_type=_TEST_TYPES.get(test["tt"]),
        value="positive" if is_detected else "negative",
        category=str(category) if category else None,
        sampled_at=sampled_at,
        resulted_at=resulted_at,
        valid_until=valid_until,
    )


def _outcome(
    revocation: Revocation | None, valid_until: datetime | None, at: datetime, *, is_detected: bool
) -> Outcome:
    if revocation is not None:
        return Outcome.SUPERSEDED if revocation.reason == "superseded" else Outcome.REVOKED
    if is_detected or valid_until is None:
        return Outcome.NOT_USABLE
    return Outcome.VALID if at < valid_until else Outcome.OVER


def _status(certificate: Certificate, revocation: Revocation | None, now: datetime) -> Outcome:
    return _outcome(revocation, certificate.valid_until, now, is_detected=False)


def _validity(category: str, test_code: str, sampled_at: datetime, resulted_at: datetime) -> Validity | None:
    return validity_of(
        [rule.as_rule() for rule in Rule.objects.all()],
        category=category,
        test_type=_TEST_TYPES.get(test_code, ""),
        sampled_at=sampled_at,
        resulted_at=resulted_at,
    )


def _texts(entries: Sequence[UUID]) -> dict[UUID, str]:
    rows = Entry.objects.filter(id__in=entries, personal__isnull=False).values_list("id", "personal")
    return {
        id: msgspec.json.decode(unseal(bytes(sealed or b""), id.bytes), type=_Sealed).text
        for id, sealed in rows
    }


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC) if isinstance(seconds, int) else None
    except (OverflowError, OSError, ValueError):
        return None


def _trusted(kid: bytes) -> Sequence[TrustedKey]:
    return [_key(der) for der in trusted_certificates() if key_id(der) == kid]


@lru_cache(maxsize=1024)
def _key(der: bytes) -> TrustedKey:
    return trusted_key_from_der(der)
