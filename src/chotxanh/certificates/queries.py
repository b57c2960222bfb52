"""Reads the certificates of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.certificates.models import Certificate, Revocation
from chotxanh.certificates.outcomes import Outcome, outcome_of
from chotxanh.domain.validity import Stated, Validity, ValidityRule, technical_end
from chotxanh.keys.sealing import unseal
from chotxanh.ledger.models import Entry
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.rules.book import RuleBook, rule_book
from chotxanh.storage.questions import Question, answers


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate as its holder sees it; `text` is None once erased. Times are UTC."""

    text: str | None
    status: Outcome
    facility_name: str
    sampled_at: datetime
    resulted_at: datetime
    validity: Validity | None
    category: str

    @property
    def valid_until(self) -> datetime | None:
        """Until when it holds by the rules; None where none speaks."""
        return self.validity.valid_until if self.validity else None

    @property
    def rule(self) -> ValidityRule | None:
        """The rule by which it holds; None where none speaks."""
        return self.validity.rule if self.validity else None


class _HeldRow(NamedTuple):
    person_code: str
    category: str
    test_type: str
    sampled_at: datetime
    resulted_at: datetime


_IN_FORCE = Question(
    """
SELECT certificate.person_code, certificate.category, certificate.test_type, certificate.sampled_at,
    certificate.resulted_at
FROM certificates_certificate AS certificate
WHERE certificate.person_code AMONG AND NOT EXISTS (
    SELECT 1 FROM certificates_revocation AS revocation WHERE revocation.certificate = certificate.id
)
""",
    _HeldRow,
)


class _Sealed(msgspec.Struct, frozen=True):
    text: str


def certificates_of(person_code: str, now: datetime) -> list[HeldCertificate]:
    """Return a person's certificates, newest first, with their standing at `now`."""
    certificates = list(Certificate.objects.filter(person_code=person_code).order_by("-issued_at", "-id"))
    revocations = Revocation.objects.in_bulk([each.id for each in certificates])
    texts = _texts([each.entry for each in certificates])
    names = dict(Facility.objects.values_list("code", "name"))
    book = rule_book() if certificates else RuleBook(())
    return [
        HeldCertificate(
            texts.get(each.entry),
            _outcome(each, revocations.get(each.id), book, now),
            names.get(each.facility, each.facility),
            each.sampled_at,
            each.resulted_at,
            _validity(each, book),
            each.category,
        )
        for each in certificates
    ]


def certified_until(codes: Sequence[str]) -> dict[str, datetime | None]:
    """Return until when each person's certificate holds, by the rules as they stand now; None where none speaks.

    Whoever has no certificate that stands is absent.
    """
    held = answers(_IN_FORCE, codes)
    book = rule_book() if held else RuleBook(())
    latest: dict[str, datetime | None] = {}
    for each in held:
        ends = [end for end in (latest.get(each.person_code), _until(each, book)) if end is not None]
        latest[each.person_code] = max(ends, default=None)
    return latest


def _outcome(
    certificate: Certificate, revocation: Revocation | None, book: RuleBook, now: datetime
) -> Outcome:
    ends_at = technical_end(sampled_at=certificate.sampled_at, issued_at=certificate.issued_at)
    return outcome_of(revocation, _until(certificate, book), now, is_expired=now >= ends_at)


def _until(held: Certificate | _HeldRow, book: RuleBook) -> datetime | None:
    """Until when a certificate holds by these rules; None where none speaks."""
    validity = _validity(held, book)
    return validity.valid_until if validity else None


def _validity(held: Certificate | _HeldRow, book: RuleBook) -> Validity | None:
    return book.validity(Stated(held.category, held.test_type, held.sampled_at, held.resulted_at))


def _texts(entries: Sequence[UUID]) -> dict[UUID, str]:
    rows = Entry.objects.filter(id__in=entries, personal__isnull=False).values_list("id", "personal")
    return {
        id: msgspec.json.decode(unseal(bytes(sealed or b""), id.bytes), type=_Sealed).text
        for id, sealed in rows
    }
