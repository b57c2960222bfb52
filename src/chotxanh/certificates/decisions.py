"""What the server decides about people: a certificate for each negative result of their own, and no other."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.certificates.issuing import Holder, issue_certificate
from chotxanh.certificates.issuing_later import ask_to_issue_later
from chotxanh.certificates.payloads import (
    FIRST_STEP,
    CertificateRestored,
    CertificateRevoked,
    CertificateSuspended,
    Decided,
    RevocationReason,
)
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.standing.person import PaperState
from chotxanh.ledger.server_clock import is_behind
from chotxanh.ledger.server_log import Deed, record_decisions
from chotxanh.people.queries import people_registered
from chotxanh.protocol.kinds import Touched
from chotxanh.registers.facilities.entries import facility_names
from chotxanh.results.people import PERSON_RESULTS, PersonResultRow
from chotxanh.results.rows import OUTCOMES, SAMPLED_TUBES
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers, foresee_answers

_log = logging.getLogger(__name__)


class CertificateBasis(NamedTuple):
    """What a certificate rests on: whose result it is, what the paper says of them, and its times.

    Whose, and the entries by which they are named and born, are None while a lead must say who was sampled.
    """

    key: str
    registration: UUID | None
    named_by: UUID | None
    born_by: UUID | None
    category: str
    result: UUID
    sampled_at: datetime
    resulted_at: datetime

    @property
    def ground(self) -> "CertificateBasis":
        """The same whatever the paper says of the person: to correct that changes the paper, not what it rests on."""
        return self._replace(named_by=None, born_by=None, category="")


class _UnrevokedRow(NamedTuple):
    """A certificate that may still be used one day, with the last decision about it; None if there was none."""

    id: UUID
    person_code: str
    registration: UUID
    named_by: UUID
    born_by: UUID
    category: str
    tube: str
    result: UUID
    sampled_at: datetime
    resulted_at: datetime
    step: int | None
    decided: str | None

    @property
    def basis(self) -> CertificateBasis:
        """What the certificate rests on."""
        key = f"{self.person_code}/{self.tube}"
        return CertificateBasis(
            key,
            self.registration,
            self.named_by,
            self.born_by,
            self.category,
            self.result,
            self.sampled_at,
            self.resulted_at,
        )

    @property
    def waiting_basis(self) -> CertificateBasis:
        """The same while a lead must say who was sampled."""
        return self.basis.ground._replace(registration=None)

    @property
    def next_step(self) -> int:
        """The number of the next decision about it."""
        return (self.step or FIRST_STEP) + 1

    @property
    def is_suspended(self) -> bool:
        """Whether it is not to be used for the time being."""
        return self.decided == Decided.SUSPENDED


_UNREVOKED = Question(
    """
SELECT certificate.id, certificate.person_code, certificate.registration, certificate.named_by, certificate.born_by,
    certificate.category, certificate.tube, certificate.result, certificate.sampled_at, certificate.resulted_at,
    decision.step, decision.state
FROM certificates_certificate AS certificate
LEFT JOIN certificates_decision AS decision ON decision.certificate = certificate.id
WHERE certificate.person_code AMONG AND (decision.state IS NULL OR decision.state <> 'revoked')
""",
    _UnrevokedRow,
)


def foresee_decisions(codes: set[str], _touched: Touched) -> None:
    """Ask ahead which certificates of these people may still be used one day."""
    foresee_answers(_UNREVOKED, codes)


def decide(codes: set[str], now: datetime) -> None:
    """Bring certificates to what is called for: issue, suspend, restore or revoke, and nothing where all is so already.

    Called under the locks of these people's papers. What is decided becomes entries of this server's own (UTC `now`).
    Until when a certificate holds is not decided here: where no rule speaks, a negative has its certificate all the
    same. Nobody has one while it is not known of which group they are: the rules ask for that; nor while this server's
    clock is behind what it wrote last: the worker issues it then.
    """
    negative = ResultValue.NEGATIVE.value
    results = sorted(each for each in lookup(PERSON_RESULTS, "person_code", codes) if each.value == negative)
    unrevoked = sorted(answers(_UNREVOKED, codes), key=lambda each: each.id)
    if not results and not unrevoked:
        return
    wanted = {_basis_of(result): result for result in results}
    due = {
        basis: result
        for basis, result in wanted.items()
        if result.paper == PaperState.STANDS and result.registration is not None and result.category
    }
    held = {certificate.basis for certificate in unrevoked}
    deeds = _decisions(unrevoked, wanted, due)
    missing = [result for basis, result in due.items() if basis not in held]
    if missing and is_behind():
        ask_to_issue_later({result.person_code for result in missing}, now)
    else:
        deeds += _issues(missing, now)
    if deeds:
        record_decisions(deeds, now)


def _basis_of(result: PersonResultRow) -> CertificateBasis:
    key = f"{result.person_code}/{result.tube}"
    return CertificateBasis(
        key,
        result.registration,
        result.named_by,
        result.born_by,
        result.category,
        result.result,
        result.sampled_at,
        result.resulted_at,
    )


def _decisions(
    certificates: Sequence[_UnrevokedRow],
    wanted: Mapping[CertificateBasis, PersonResultRow],
    due: Mapping[CertificateBasis, PersonResultRow],
) -> list[Deed]:
    """Say what changes: one that is due is restored, one whose result still counts, or is in doubt, is suspended.

    One that is due in another name, or of another result, is replaced by the paper that is issued for it.
    """
    missing = [each for each in certificates if each.basis not in wanted]
    doubted = _doubted({each.tube for each in missing})
    renewed = {basis.key for basis in due}
    withheld = {basis.ground for basis in wanted} - {basis.ground for basis in due}
    deeds = []
    for each in certificates:
        if each.basis in due:
            if each.is_suspended:
                deeds.append(Deed(CertificateRestored(each.id, each.next_step)))
        elif {each.basis.ground, each.waiting_basis} & withheld or each.tube in doubted:
            if not each.is_suspended:
                deeds.append(Deed(CertificateSuspended(each.id, each.next_step)))
        else:
            is_superseded = each.basis.key in renewed
            reason = RevocationReason.SUPERSEDED if is_superseded else RevocationReason.WITHDRAWN
            deeds.append(Deed(CertificateRevoked(each.id, each.next_step, reason)))
    return deeds


def _doubted(tubes: Collection[str]) -> set[str]:
    """Return of which of these tubes a lead must decide: until then nothing about them is final."""
    sampled = {each.key for each in lookup(SAMPLED_TUBES, "key", tubes) if each.is_disputed}
    return sampled | {each.tube for each in lookup(OUTCOMES, "tube", tubes) if each.is_disputed}


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
