"""Signs one test certificate: a DCC (ES256) with the time of the result and the category in a private claim."""

import os
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from chotxanh.certificates.payloads import CertificateIssued, CertificatePersonal
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.hcert.certificates import Header, TestCertificate, issue, payload
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.uvci import new_uvci, signature_hash
from chotxanh.domain.names import split_name
from chotxanh.domain.validity import technical_end
from chotxanh.keys.signers import document_signer
from chotxanh.ledger.server_log import Deed
from chotxanh.people.details import Personal
from chotxanh.people.queries import RegisteredPerson
from chotxanh.protocol.envelope import new_id, new_salt
from chotxanh.results.people import PersonResultRow

COUNTRY = "VN"
OLDEST_BIRTH_YEAR = 1900


@dataclass(frozen=True)
class Holder:
    """Who a certificate is for: the registration that was sampled, its details, and who answers for the result."""

    registration: RegisteredPerson
    personal: Personal
    facility_name: str


def issue_certificate(result: PersonResultRow, holder: Holder, now: datetime) -> Deed:
    """Return the deed of issuing. It counts from the result's own times: a re-issue never restarts a clock."""
    signer = document_signer()
    uvci = new_uvci(COUNTRY, settings.ISSUER_CODE, new_code(CodeType.SLIP, os.urandom(16)))
    signatures: list[bytes] = []

    def sign(message: bytes) -> bytes:
        signatures.append(signer.key.sign(message))
        return signatures[-1]

    expires_at = technical_end(sampled_at=result.sampled_at, issued_at=now)
    text = issue(
        payload(_test_certificate(result, holder, uvci)),
        header=Header(signer.key_identifier, COUNTRY, now, expires_at),
        private_claims={
            "resulted_at": int(result.resulted_at.timestamp()),
            "category": result.category,
        },
        sign=sign,
    )
    facts = CertificateIssued(
        certificate=new_id(),
        person_code=result.person_code,
        registration=holder.registration.id,
        facility=result.facility,
        tube=result.tube,
        result=result.result,
        named_by=result.named_by or holder.registration.id,
        born_by=result.born_by or holder.registration.id,
        uvci=uvci,
        kid=to_base64url(signer.key_identifier),
        signature_hash=to_base64url(signature_hash(signatures[-1], Algorithm.ES256)),
        test_type=result.test_type,
        pool_size=result.pool_size,
        category=result.category,
        sampled_at=result.sampled_at,
        resulted_at=result.resulted_at,
    )
    return Deed(facts, CertificatePersonal(salt=new_salt(), text=text))


def _test_certificate(result: PersonResultRow, holder: Holder, uvci: str) -> TestCertificate:
    family_name, given_name = split_name(holder.personal.full_name)
    return TestCertificate(
        family_name=family_name,
        given_name=given_name,
        birth_date=_birth_date(holder),
        uvci=uvci,
        test_type=result.test_type,
        test_device=result.dcc_device or None,
        sampled_at=result.sampled_at,
        detected=False,
        facility_name=holder.facility_name,
        issuer_name=settings.DEPARTMENT,
    )


def _birth_date(holder: Holder) -> str:
    """A DCC knows no births before 1900: it leaves them out."""
    year = holder.registration.birth_year
    return (holder.personal.birth_date or str(year)) if year >= OLDEST_BIRTH_YEAR else ""
