"""Certificates as they are recorded by this server: payloads and storing."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.certificates.decisions import decide
from chotxanh.certificates.models import Certificate, Revocation
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.kinds import Kind
from chotxanh.domain.problems import Problem
from chotxanh.protocol.envelope import Code, OwnPersonCode, Time, Word, check_time
from chotxanh.protocol.kinds import Happening, KindSpec, Touched, decide_with, follow, register
from chotxanh.storage.rows import Table, upsert

_CERTIFICATES = Table(
    Certificate,
    (
        *("id", "entry", "person_code", "facility", "tube", "result", "uvci", "kid", "signature_hash"),
        *("test_type", "category", "registration", "sampled_at", "resulted_at", "valid_until", "rule"),
        "issued_at",
    ),
)
_REVOCATIONS = Table(Revocation, ("certificate", "reason", "revoked_at"))


class CertificateIssued(msgspec.Struct, frozen=True):
    """A certificate this server signed; `tube` is the tube's whole key."""

    certificate: UUID
    person_code: OwnPersonCode
    registration: UUID
    facility: Code
    tube: Annotated[str, Meta(min_length=1, max_length=90, pattern=r"\A[^\x00-\x1f]+\Z")]
    result: UUID
    uvci: Word
    kid: Annotated[str, Meta(max_length=16)]
    signature_hash: Annotated[str, Meta(max_length=24)]
    test_type: Literal["ag_rapid"]
    category: Annotated[Code, Meta(max_length=20)]
    sampled_at: Time
    resulted_at: Time
    valid_until: Time
    rule: Code


class CertificatePersonal(msgspec.Struct, frozen=True):
    """The certificate's text: it names the person."""

    salt: Annotated[str, Meta(min_length=20, max_length=64)]
    text: Annotated[str, Meta(max_length=4000)]


class CertificateRevoked(msgspec.Struct, frozen=True):
    """A certificate no longer holds: `superseded` by a correction, or `withdrawn`."""

    certificate: UUID
    reason: Literal["superseded", "withdrawn"]


def check_certificate(facts: CertificateIssued, _personal: CertificatePersonal | None) -> None:
    """Check binary fields and times. Raises Problem: `payload_invalid`, `time_out_of_range`."""
    for moment in (facts.sampled_at, facts.resulted_at, facts.valid_until):
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
        [(item.facts.certificate, item.facts.reason, item.effective_at) for item in happenings],
    )


def register_kinds() -> None:
    """Declare the kinds this feature owns, and that it decides for people."""
    register(KindSpec(Kind.CERTIFICATE_ISSUED, 1, CertificateIssued, CertificatePersonal, check_certificate))
    register(KindSpec(Kind.CERTIFICATE_REVOKED, 1, CertificateRevoked))
    follow([Kind.CERTIFICATE_ISSUED], apply_issued)
    follow([Kind.CERTIFICATE_REVOKED], apply_revoked)
    decide_with(decide)


def _row(item: Happening[CertificateIssued, CertificatePersonal]) -> tuple[Any, ...]:
    facts = item.facts
    return (
        *(facts.certificate, item.id, facts.person_code, facts.facility, facts.tube, facts.result),
        *(facts.uvci, from_base64url(facts.kid), from_base64url(facts.signature_hash)),
        *(facts.test_type, facts.category, facts.registration, facts.sampled_at, facts.resulted_at),
        *(facts.valid_until, facts.rule, item.effective_at),
    )
