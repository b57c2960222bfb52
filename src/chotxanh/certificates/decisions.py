"""What the server decides about people: a certificate for each negative result of their own, and no other."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.certificates.issuing import Holder, issue_certificate
from chotxanh.certificates.models import Certificate, Revocation, Rule
from chotxanh.certificates.payloads import CertificateRevoked, RevocationReason
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.validity import Validity, validity_of
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of
from chotxanh.registers.facilities.models import Facility
from chotxanh.results.models import PersonResult, TubeResult

_log = logging.getLogger(__name__)

CertificateBasis = tuple[str, UUID, datetime, datetime]


@dataclass(frozen=True)
class _Wanted:
    """A negative result that should have a certificate, its holder's registration, and how long it holds."""

    result: PersonResult
    registration: Registration
    validity: Validity


def decide(codes: set[str], now: datetime) -> None:
    """Revoke certificates whose result no longer stands, and issue those that are due (UTC `now`).

    Called under the locks of these people. What is decided becomes entries of this server's own.
    """
    results = list(
        PersonResult.objects.filter(person_code__in=codes, value=ResultValue.NEGATIVE).order_by("key")
    )
    standing = _standing_certificates(codes)
    if not results and not standing:
        return
    registrations = _sole_registrations({result.person_code for result in results})
    due = {_basis_of_result(result): result for result in results if result.person_code in registrations}
    held = {_basis_of_certificate(certificate) for certificate in standing}
    deeds = _revocations([each for each in standing if _basis_of_certificate(each) not in due])
    missing = [result for basis, result in due.items() if basis not in held]
    deeds += _issues(_wanted(missing, registrations), now)
    if deeds:
        record_deeds(deeds, now)


def _standing_certificates(codes: set[str]) -> list[Certificate]:
    certificates = list(Certificate.objects.filter(person_code__in=codes).order_by("id"))
    revoked = set(
        Revocation.objects.filter(certificate__in=[each.id for each in certificates]).values_list(
            "certificate", flat=True
        )
    )
    return [each for each in certificates if each.id not in revoked]


def _basis_of_result(result: PersonResult) -> CertificateBasis:
    return (result.key, result.result, result.sampled_at, result.resulted_at)


def _basis_of_certificate(certificate: Certificate) -> CertificateBasis:
    key = f"{certificate.person_code}/{certificate.tube}"
    return (key, certificate.result, certificate.sampled_at, certificate.resulted_at)


def _revocations(certificates: list[Certificate]) -> list[Deed]:
    """A certificate is superseded if another result now stands for its tube, otherwise withdrawn until settled."""
    outcomes = TubeResult.objects.in_bulk({certificate.tube for certificate in certificates})
    deeds = []
    for certificate in certificates:
        outcome = outcomes.get(certificate.tube)
        is_corrected = (
            outcome is not None and not outcome.is_disputed and outcome.result != certificate.result
        )
        reason = RevocationReason.SUPERSEDED if is_corrected else RevocationReason.WITHDRAWN
        deeds.append(Deed(CertificateRevoked(certificate.id, reason)))
    return deeds


def _sole_registrations(codes: set[str]) -> dict[str, Registration]:
    """Return whose each code is. One that two registrations claim is nobody's: no certificate, old or new."""
    claimed: dict[str, list[Registration]] = defaultdict(list)
    for registration in Registration.objects.filter(person_code__in=codes):
        claimed[registration.person_code].append(registration)
    return {code: each[0] for code, each in claimed.items() if len(each) == 1}


def _wanted(results: list[PersonResult], registrations: dict[str, Registration]) -> list[_Wanted]:
    """Join results to registrations and rules; where no rule speaks there is no certificate."""
    if not results:
        return []
    rules = [rule.as_rule() for rule in Rule.objects.all()]
    wanted = []
    for result in results:
        registration = registrations[result.person_code]
        validity = validity_of(
            rules,
            category=registration.category,
            test_type=result.test_type,
            sampled_at=result.sampled_at,
            resulted_at=result.resulted_at,
        )
        if validity is not None:
            wanted.append(_Wanted(result, registration, validity))
    return wanted


def _issues(wanted: list[_Wanted], now: datetime) -> list[Deed]:
    details = personal_of([each.registration.id for each in wanted])
    facilities = Facility.objects.in_bulk({each.result.facility for each in wanted})
    deeds = []
    for each in wanted:
        personal = details.get(each.registration.id)
        facility = facilities.get(each.result.facility)
        if personal is not None and facility is not None:
            holder = Holder(each.registration, personal, facility.name)
            try:
                deeds.append(issue_certificate(each.result, holder, each.validity, now))
            except ValueError as error:
                # One person's certificate that cannot be written must not stop everybody's entries.
                _log.error("no certificate for result %s: %s", each.result.result, type(error).__name__)
    return deeds
