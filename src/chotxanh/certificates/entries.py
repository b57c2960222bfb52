"""Certificates as they are recorded by this server: payloads and storing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from chotxanh.certificates.decisions import decide, foresee_decisions
from chotxanh.certificates.models import Certificate, Decision
from chotxanh.certificates.payloads import (
    CertificateIssued,
    CertificatePersonal,
    CertificateRestored,
    CertificateRevoked,
    CertificateSuspended,
    Decided,
)
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.problems import Problem
from chotxanh.people.models import Registration
from chotxanh.protocol.envelope import check_time
from chotxanh.protocol.kinds import (
    PROVINCE,
    Happening,
    KindRow,
    Touched,
    Who,
    decide_with,
    erase_with,
    follow,
    foresee_at,
    register,
)
from chotxanh.protocol.ranks import Rank
from chotxanh.storage.lookups import lookup
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
    pool_size: int
    category: str
    registration: UUID
    named_by: UUID
    born_by: UUID
    sampled_at: datetime
    resulted_at: datetime
    issued_at: datetime


class _DecisionRow(NamedTuple):
    certificate: UUID
    step: int
    state: str
    reason: str
    decided_at: datetime

    @property
    def weight(self) -> tuple[bool, int, bool, datetime]:
        """What stands of several: a revocation for ever, else the highest step; of two, what lets nobody pass."""
        is_revoked, is_suspended = self.state == Decided.REVOKED, self.state == Decided.SUSPENDED
        return (is_revoked, self.step, is_suspended, self.decided_at)


_CERTIFICATES = Table(Certificate, _CertificateRow)
_DECISIONS = Table(Decision, _DecisionRow)
About: TypeAlias = CertificateSuspended | CertificateRestored | CertificateRevoked


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


def apply_decided(happenings: Sequence[Happening[About, None]], touched: Touched) -> None:
    """Store decisions: of each certificate the one that stands, in whatever order they come."""
    certificates = {item.facts.certificate for item in happenings}
    standing = {row.certificate: row for row in lookup(_DECISIONS, "certificate", list(certificates))}
    for row in (_decision(item) for item in happenings):
        known = standing.get(row.certificate)
        if known is None or known.weight < row.weight:
            standing[row.certificate] = row
    upsert(_DECISIONS, list(standing.values()))
    for issued in lookup(_CERTIFICATES, "id", list(certificates)):
        touched.announce("person", issued.person_code)


def texts_of(registrations: Collection[UUID]) -> set[UUID]:
    """Return the entries that hold the texts of these registrations' certificates; of an erased one none is issued."""
    codes = Registration.objects.filter(id__in=registrations).values("person_code")
    issued = Certificate.objects.filter(person_code__in=codes, registration__in=registrations)
    return set(issued.values_list("entry", flat=True))


def register_kinds() -> None:
    """Declare the kinds this feature owns, and that it decides for people."""
    register(ISSUED, SUSPENDED, RESTORED, REVOKED)
    follow([CertificateIssued], apply_issued)
    follow([CertificateSuspended, CertificateRestored, CertificateRevoked], apply_decided)
    foresee_at(Rank.PAPERS, foresee_decisions)
    decide_with(decide)
    erase_with(texts_of)


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
        pool_size=facts.pool_size,
        category=facts.category,
        registration=facts.registration,
        named_by=facts.named_by,
        born_by=facts.born_by,
        sampled_at=facts.sampled_at,
        resulted_at=facts.resulted_at,
        issued_at=item.effective_at,
    )


def _decision(item: Happening[About, None]) -> _DecisionRow:
    state = Decided(item.kind.rpartition(".")[2])
    reason = item.facts.reason.value if state is Decided.REVOKED else ""  # type: ignore[union-attr]
    return _DecisionRow(item.facts.certificate, item.facts.step, state.value, reason, item.effective_at)


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
        "named_by": "017adaf0-0000-7000-8000-000000000031",
        "born_by": "017adaf0-0000-7000-8000-000000000031",
        "uvci": "URN:UVCI:01:VN:BRVT/SZBJZMP6RKLFK4Q#C",
        "kid": "AAECAwQFBgc",
        "signature_hash": "AAECAwQFBgcICQoLDA0ODw",
        "test_type": "ag_rapid",
        "pool_size": 1,
        "category": "goods_driver",
        "sampled_at": "2021-07-25T01:05:00.000Z",
        "resulted_at": "2021-07-25T01:21:00.000Z",
    },
    personal=CertificatePersonal,
    person=lambda facts: facts.registration,
    category="certificates",
    example_personal={"salt": "AAECAwQFBgcICQoLDA0ODw", "text": "HC1:NCF-GOLDEN"},
    check=check_certificate,
)
SUSPENDED = KindRow(
    "certificate.suspended",
    CertificateSuspended,
    Who(nodes=PROVINCE),
    "A certificate is not to be used for the time being.",
    ("Tạm ngừng giấy", "Certificate suspended"),
    {"certificate": _CERTIFICATE, "step": 2},
)
RESTORED = KindRow(
    "certificate.restored",
    CertificateRestored,
    Who(nodes=PROVINCE),
    "What suspended a certificate has ended, and it is as it was.",
    ("Khôi phục giấy", "Certificate restored"),
    {"certificate": _CERTIFICATE, "step": 3},
)
REVOKED = KindRow(
    "certificate.revoked",
    CertificateRevoked,
    Who(nodes=PROVINCE),
    "A certificate no longer holds.",
    ("Thu hồi giấy", "Certificate revoked"),
    {"certificate": _CERTIFICATE, "step": 4, "reason": "superseded"},
)
