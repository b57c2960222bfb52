"""Reads the certificates of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome, decided_outcome, outcome_of
from chotxanh.certificates.payloads import Decided
from chotxanh.domain.tubes import tube_named
from chotxanh.domain.validity import Stated, Validity, ValidityRule, technical_end
from chotxanh.keys.sealing import unsealed
from chotxanh.registers.rules.book import RuleBook, rule_book, rule_book_ahead
from chotxanh.storage.prepared import Ahead, sending_together
from chotxanh.storage.questions import Question, answers, answers_ahead


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate as its holder sees it; `text` is None once erased. Times are UTC.

    `tube` is its barcode, `number` what its UVCI ends with.
    """

    text: str | None
    status: Outcome
    facility_name: str
    sampled_at: datetime
    resulted_at: datetime
    validity: Validity | None
    category: str
    test_type: str
    pool_size: int
    tube: str
    number: str

    @property
    def valid_until(self) -> datetime | None:
        """Until when it holds by the rules; None where none speaks."""
        return self.validity.valid_until if self.validity else None

    @property
    def rule(self) -> ValidityRule | None:
        """The rule by which it holds; None where none speaks."""
        return self.validity.rule if self.validity else None


# What was last decided of a certificate that is neither suspended nor revoked.
IN_FORCE = (None, Decided.RESTORED)


class _HeldRow(NamedTuple):
    person_code: str
    category: str
    test_type: str
    sampled_at: datetime
    resulted_at: datetime
    issued_at: datetime


_IN_FORCE = Question(
    """
SELECT certificate.person_code, certificate.category, certificate.test_type, certificate.sampled_at,
    certificate.resulted_at, certificate.issued_at
FROM certificates_certificate AS certificate
WHERE certificate.person_code AMONG AND NOT EXISTS (
    SELECT 1 FROM certificates_decision AS decision
    WHERE decision.certificate = certificate.id AND decision.state <> 'restored'
)
""",
    _HeldRow,
)


class _PaperRow(NamedTuple):
    entry: UUID
    registration: UUID
    category: str
    test_type: str
    pool_size: int
    sampled_at: datetime
    resulted_at: datetime
    issued_at: datetime
    tube: str
    uvci: str
    facility_name: str
    decided: str | None
    sealed: bytes | None


_PAPERS = Question(
    """
SELECT certificate.entry, certificate.registration, certificate.category, certificate.test_type,
    certificate.pool_size, certificate.sampled_at, certificate.resulted_at, certificate.issued_at,
    certificate.tube, certificate.uvci, coalesce(facility.name, certificate.facility),
    decision.state, entry.personal
FROM certificates_certificate AS certificate
LEFT JOIN certificates_decision AS decision ON decision.certificate = certificate.id
LEFT JOIN facilities_facility AS facility ON facility.code = certificate.facility
LEFT JOIN ledger_entry AS entry ON entry.id = certificate.entry
WHERE certificate.person_code AMONG
""",
    _PaperRow,
)


class _Sealed(msgspec.Struct, frozen=True):
    text: str


_sealed = msgspec.json.Decoder(_Sealed)


def certificates_of(
    person_code: str, now: datetime, registration: UUID | None = None
) -> list[HeldCertificate]:
    """Return the certificates of a code, or of one of its registrations, newest first, as they stand at `now`."""
    with sending_together():
        return certificates_ahead(person_code, now, registration)()


def certificates_ahead(
    person_code: str, now: datetime, registration: UUID | None = None
) -> Ahead[list[HeldCertificate]]:
    """Ask likewise, but wait for the answer only when it is asked for (in `sending_together`)."""
    found, book = answers_ahead(_PAPERS, [person_code]), rule_book_ahead()
    return lambda: _as_they_stand(
        [each for each in found() if registration in (None, each.registration)], book, now
    )


def _as_they_stand(
    found: Sequence[_PaperRow], asked_book: Ahead[RuleBook], now: datetime
) -> list[HeldCertificate]:
    papers = sorted(found, key=lambda each: (each.issued_at, each.entry), reverse=True)
    book = asked_book() if papers else RuleBook(())
    newest = max((each.issued_at for each in papers if each.decided in IN_FORCE), default=None)
    return [
        _held(paper, book, now, has_newer=newest is not None and newest >= paper.issued_at)
        for paper in papers
    ]


def has_newer_certificate(person_code: str, issued_at: datetime) -> bool:
    """Say whether a person has a certificate that stands and was issued at `issued_at` or after it (UTC)."""
    return any(each.issued_at >= issued_at for each in answers(_IN_FORCE, [person_code]))


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


def ended_at(tube: str, now: datetime) -> datetime | None:
    """Return when the papers of a tube ran out, if each of them has by `now` (UTC); None where one holds or none is."""
    columns = ("category", "test_type", "sampled_at", "resulted_at")
    stated = [Stated(*row) for row in Certificate.objects.filter(tube=tube).values_list(*columns)]
    book = rule_book() if stated else RuleBook(())
    ends = [validity.valid_until if (validity := book.validity(each)) else None for each in stated]
    if not ends or any(end is None or end > now for end in ends):
        return None
    return max(end for end in ends if end is not None)


def _held(paper: _PaperRow, book: RuleBook, now: datetime, *, has_newer: bool) -> HeldCertificate:
    validity = _validity(paper, book)
    until = validity.valid_until if validity else None
    ends_at = technical_end(sampled_at=paper.sampled_at, issued_at=paper.issued_at)
    opened = unsealed(paper.sealed, paper.entry.bytes)
    decided = decided_outcome(paper.decided, has_newer=has_newer)
    return HeldCertificate(
        text=_sealed.decode(opened).text if opened is not None else None,
        status=outcome_of(decided, until, now, is_expired=now >= ends_at),
        facility_name=paper.facility_name,
        sampled_at=paper.sampled_at,
        resulted_at=paper.resulted_at,
        validity=validity,
        category=paper.category,
        test_type=paper.test_type,
        pool_size=paper.pool_size,
        tube=tube_named(paper.tube).barcode,
        number=paper.uvci.rpartition("/")[2].partition("#")[0],
    )


def _until(held: _PaperRow | _HeldRow, book: RuleBook) -> datetime | None:
    """Until when a certificate holds by these rules; None where none speaks."""
    validity = _validity(held, book)
    return validity.valid_until if validity else None


def _validity(held: _PaperRow | _HeldRow, book: RuleBook) -> Validity | None:
    return book.validity(Stated(held.category, held.test_type, held.sampled_at, held.resulted_at))
