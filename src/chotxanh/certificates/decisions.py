"""What the server decides about people: a certificate for each negative result of their own, and no other."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.certificates.issuing import Holder, issue_certificate
from chotxanh.certificates.payloads import CertificateRevoked, RevocationReason
from chotxanh.domain.pools import ResultValue
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.queries import people_registered
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.results.people import PERSON_RESULTS, PersonResultRow
from chotxanh.results.rows import OUTCOMES
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers

_log = logging.getLogger(__name__)

CertificateBasis = tuple[str, UUID | None, UUID, datetime, datetime]


class _UnrevokedRow(NamedTuple):
    id: UUID
    person_code: str
    registration: UUID
    tube: str
    result: UUID
    sampled_at: datetime
    resulted_at: datetime

    @property
    def basis(self) -> CertificateBasis:
        """What the certificate rests on."""
        key = f"{self.person_code}/{self.tube}"
        return (key, self.registration, self.result, self.sampled_at, self.resulted_at)


_UNREVOKED = Question(
    """
SELECT certificate.id, certificate.person_code, certificate.registration, certificate.tube, certificate.result,
    certificate.sampled_at, certificate.resulted_at
FROM certificates_certificate AS certificate
WHERE certificate.person_code AMONG AND NOT EXISTS (
    SELECT 1 FROM certificates_revocation AS revocation WHERE revocation.certificate = certificate.id
)
""",
    _UnrevokedRow,
)


def decide(codes: set[str], now: datetime) -> None:
    """Revoke certificates whose result no longer stands, and issue those that are due (UTC `now`).

    Called under the locks of these people. What is decided becomes entries of this server's own. Until when a
    certificate holds is not decided here: where no rule speaks, a negative has its certificate all the same.
    """
    negative = ResultValue.NEGATIVE.value
    results = sorted(each for each in lookup(PERSON_RESULTS, "person_code", codes) if each.value == negative)
    unrevoked = sorted(answers(_UNREVOKED, codes))
    if not results and not unrevoked:
        return
    due = {_basis_of(result): result for result in results if result.registration is not None}
    held = {certificate.basis for certificate in unrevoked}
    deeds = _revocations([each for each in unrevoked if each.basis not in due])
    deeds += _issues([result for basis, result in due.items() if basis not in held], now)
    if deeds:
        record_deeds(deeds, now)


def _basis_of(result: PersonResultRow) -> CertificateBasis:
    return (result.key, result.registration, result.result, result.sampled_at, result.resulted_at)


def _revocations(certificates: Sequence[_UnrevokedRow]) -> list[Deed]:
    """A certificate is superseded if another result now stands for its tube, otherwise withdrawn until settled."""
    tubes = {certificate.tube for certificate in certificates}
    outcomes = {outcome.tube: outcome for outcome in lookup(OUTCOMES, "tube", tubes)}
    deeds = []
    for certificate in certificates:
        outcome = outcomes.get(certificate.tube)
        is_corrected = (
            outcome is not None and not outcome.is_disputed and outcome.result != certificate.result
        )
        reason = RevocationReason.SUPERSEDED if is_corrected else RevocationReason.WITHDRAWN
        deeds.append(Deed(CertificateRevoked(certificate.id, reason)))
    return deeds


def _issues(results: Sequence[PersonResultRow], now: datetime) -> list[Deed]:
    people = people_registered({result.registration for result in results if result.registration})
    names = facility_names({result.facility for result in results})
    deeds = []
    for result in results:
        person = people.get(result.registration) if result.registration else None
        if person is None or person.personal is None:
            continue
        # Whether it may test, its authorisation says; one that is not in the register yet is named by its code.
        facility = names.get(result.facility, result.facility)
        try:
            deeds.append(issue_certificate(result, Holder(person, person.personal, facility), now))
        except ValueError as error:
            # One person's certificate that cannot be written must not stop everybody's entries.
            _log.error("no certificate for result %s: %s", result.result, type(error).__name__)
    return deeds
