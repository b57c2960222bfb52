"""Certificates as they are recorded by this server: payloads and storing."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.certificates.decisions import decide
from chotxanh.certificates.models import Certificate, Revocation
from chotxanh.certificates.payloads import CertificateIssued, CertificatePersonal, CertificateRevoked
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import check_time
from chotxanh.protocol.kinds import PROVINCE, Happening, KindRow, Touched, Who, decide_with, follow, register
from chotxanh.storage.rows import Table, upsert


class _CertificateRow(NamedTuple):
    id: UUID
    entry: UUID
    person_code: str
    facility: str
    tube: str
    result: UUID
    uvci: str
    kid: bytes | None
    signature_hash: bytes | None
    test_type: str
    category: str
    registration: UUID
    sampled_at: datetime
    resulted_at: datetime
    issued_at: datetime


class _RevocationRow(NamedTuple):
    certificate: UUID
    reason: str
    revoked_at: datetime


_CERTIFICATES = Table(Certificate, _CertificateRow)
_REVOCATIONS = Table(Revocation, _RevocationRow)


def check_certificate(facts: CertificateIssued, _personal: CertificatePersonal | None) -> None:
    """Check binary fields and times. Raises Problem: `payload_invalid`, `time_out_of_range`."""
    for moment in (facts.sampled_at, facts.resulted_at):
        check_time(moment)
    if from_base64url(facts.kid) is None or from_base64url(facts.signature_hash) is None:
        raise Problem("payload_invalid")


def apply_issued(
    happenings: Sequence[Happening[CertificateIssued, CertificatePersonal]], touched: Touched
) -> None:
    """Store certificates."""
    upsert(_CERTIFICATES, [_row(item) for item in happenings])
    for item in happenings:
        touched.announce("person", item.facts.person_code)


def apply_revoked(happenings: Sequence[Happening[CertificateRevoked, None]], _touched: Touched) -> None:
    """Store revocations."""
    upsert(
        _REVOCATIONS,
        [_RevocationRow(item.facts.certificate, item.facts.reason, item.effective_at) for item in happenings],
    )


def register_kinds() -> None:
    """Declare the kinds this feature owns, and that it decides for people."""
    register(ISSUED, REVOKED)
    follow([CertificateIssued], apply_issued)
    follow([CertificateRevoked], apply_revoked)
    decide_with(decide)


def _row(item: Happening[CertificateIssued, CertificatePersonal]) -> _CertificateRow:
    facts = item.facts
    return _CertificateRow(
        id=facts.certificate,
        entry=item.id,
        person_code=facts.person_code,
        facility=facts.facility,
        tube=facts.tube,
        result=facts.result,
        uvci=facts.uvci,
        kid=from_base64url(facts.kid),
        signature_hash=from_base64url(facts.signature_hash),
        test_type=facts.test_type,
        category=facts.category,
        registration=facts.registration,
        sampled_at=facts.sampled_at,
        resulted_at=facts.resulted_at,
        issued_at=item.effective_at,
    )


_CERTIFICATE = "017adaf0-0000-7000-8000-000000000030"
ISSUED = KindRow(
    "certificate.issued",
    CertificateIssued,
    Who(nodes=PROVINCE),
    "The server signed a certificate for a person's own negative result.",
    ("Cấp giấy", "Certificate issued"),
    {
        "certificate": _CERTIFICATE,
        "person_code": "PZBJZMP6RKLFK4Q",
        "registration": "017adaf0-0000-7000-8000-000000000031",
        "facility": "ttyt-phu-my",
        "tube": "ttyt-phu-my/BR0001",
        "result": "017adaf0-0000-7000-8000-000000000032",
        "uvci": "URN:UVCI:01:VN:BRVT/SZBJZMP6RKLFK4Q#C",
        "kid": "AAECAwQFBgc",
        "signature_hash": "AAECAwQFBgcICQoLDA0ODw",
        "test_type": "ag_rapid",
        "category": "goods_driver",
        "sampled_at": "2021-07-25T01:05:00.000Z",
        "resulted_at": "2021-07-25T01:21:00.000Z",
    },
    personal=CertificatePersonal,
    example_personal={"salt": "AAECAwQFBgcICQoLDA0ODw", "text": "HC1:NCF-GOLDEN"},
    check=check_certificate,
)
REVOKED = KindRow(
    "certificate.revoked",
    CertificateRevoked,
    Who(nodes=PROVINCE),
    "A certificate no longer holds.",
    ("Thu hồi giấy", "Certificate revoked"),
    {"certificate": _CERTIFICATE, "reason": "superseded"},
)
