"""Says whether a certificate is genuine and in date, by its signature and by what this ledger knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from chotxanh.certificates.models import Certificate
from chotxanh.certificates.outcomes import Outcome, decided_outcome, outcome_of
from chotxanh.certificates.payloads import Decided
from chotxanh.certificates.queries import has_newer_certificate
from chotxanh.domain.hcert import schema
from chotxanh.domain.hcert.certificates import (
    RESULT_DETECTED,
    TEST_TYPE_CODES,
    Unreadable,
    open_claims,
    open_message,
)
from chotxanh.domain.hcert.cose import Algorithm
from chotxanh.domain.hcert.uvci import signature_hash
from chotxanh.domain.hcert.verdict import TrustedKey, Verdict, verdict
from chotxanh.domain.names import mask_name
from chotxanh.domain.validity import Stated, ValidityRule
from chotxanh.keys.signers import document_signer, trusted_certificates
from chotxanh.keys.trust import key_id, trusted_key_from_der
from chotxanh.protocol.envelope import EARLIEST, LATEST
from chotxanh.registers.duties.entries import number_to_call
from chotxanh.registers.rules.book import RuleBook, rule_book_ahead
from chotxanh.storage.lookups import lookup_ahead
from chotxanh.storage.prepared import sending_together
from chotxanh.storage.rows import Table
from chotxanh.storage.statements import ask_ahead

_TEST_TYPES = {code: test_type for test_type, code in TEST_TYPE_CODES.items()}
_UNKNOWN_SIGNER = frozenset({"key_unknown"})
# Of these a guard sends the holder to the issuer's duty number; the others need no call.
_ASKS_TO_CALL = (Outcome.SUSPENDED, Outcome.REVOKED, Outcome.NOT_USABLE)


@dataclass(frozen=True)
class Verification:
    """The answer to a check. Fields are None where the certificate is not genuine. Times are UTC.

    Of an unknown issuer they are what the code says, and nobody here vouches for it. `duty_phone` is whom the holder
    may call about it, empty where no number was set or nobody need be called.
    """

    outcome: Outcome
    checked_at: datetime
    reason: str | None = None
    issuer: str | None = None
    facility_name: str | None = None
    masked_name: str | None = None
    birth_year: str | None = None
    test_type: str | None = None
    pool_size: int | None = None
    value: str | None = None
    category: str | None = None
    sampled_at: datetime | None = None
    resulted_at: datetime | None = None
    valid_until: datetime | None = None
    rule: ValidityRule | None = None
    duty_phone: str = ""


class _IssuedRow(NamedTuple):
    id: UUID
    person_code: str
    facility: str
    category: str
    test_type: str
    pool_size: int
    sampled_at: datetime
    resulted_at: datetime
    issued_at: datetime


class _Record(NamedTuple):
    """What this ledger knows: the certificate as it was issued, what was decided of it, and the rules as they stand."""

    issued: _IssuedRow | None
    decided: Outcome | None
    book: RuleBook


_ISSUED = Table(Certificate, _IssuedRow)
_DECIDED = """
SELECT decision.state FROM certificates_certificate AS issued
JOIN certificates_decision AS decision ON decision.certificate = issued.id
WHERE issued.signature_hash = %s
"""


def verify_certificate(text: str, at: datetime) -> Verification:
    """Say whether a certificate is genuine and holds at `at` (UTC): outcome, and what it says with the name masked."""
    judged = verdict(text.strip(), at=at, trusted=_trusted)
    is_genuine = judged.valid or judged.reason == "expired"
    if not is_genuine or judged.certificate is None or judged.message is None:
        if judged.reason in _UNKNOWN_SIGNER:
            return _unproven(text.strip(), judged.reason, at)
        return Verification(Outcome.NOT_GENUINE, at, judged.reason)
    if not judged.certificate.get("t"):
        return Verification(Outcome.NOT_USABLE, at, "not_a_test_certificate")
    hashed = signature_hash(judged.message.signature, judged.message.algorithm or Algorithm.ES256)
    with sending_together():
        found, book = lookup_ahead(_ISSUED, "signature_hash", [hashed]), rule_book_ahead()
        states = ask_ahead(_DECIDED, [hashed])()
    issued, state = next(iter(found()), None), states[0][0] if states else None
    decided = decided_outcome(state, has_newer=_has_newer(issued, state))
    return _answer(judged, _Record(issued, decided, book()), at)


def _answer(judged: Verdict, record: _Record, at: datetime) -> Verification:
    issued = record.issued
    certificate = judged.certificate or {}
    test, private = certificate["t"][0], judged.private or {}
    resulted_at, category = _moment(private.get("resulted_at")), private.get("category")
    stated = _stated(judged, issued)
    validity = record.book.validity(stated) if stated else None
    valid_until = validity.valid_until if validity else None
    is_detected = test["tr"] == RESULT_DETECTED
    outcome = outcome_of(
        record.decided, valid_until, at, is_detected=is_detected, is_expired=judged.reason == "expired"
    )
    if outcome is Outcome.NO_RULE and stated is None:
        outcome = Outcome.NOT_USABLE  # it does not say what a rule would need to know
    if issued is None and outcome in (Outcome.VALID, Outcome.NO_RULE) and _is_signed_here(judged):
        # Issued in what a restored backup lost: what became of it since, nothing here can tell.
        outcome, valid_until, validity = Outcome.NOT_RECORDED, None, None
    facility = issued.facility if issued else ""
    return replace(
        _said(certificate, outcome, at),
        pool_size=issued.pool_size if issued else None,
        category=str(category) if category else None,
        resulted_at=resulted_at,
        valid_until=valid_until,
        rule=validity.rule if validity else None,
        duty_phone=number_to_call(facility, at) if outcome in _ASKS_TO_CALL else "",
    )


def _unproven(text: str, reason: str | None, at: datetime) -> Verification:
    """What a code of an unknown signer says, so that a guard can ask the issuer it names; nothing of it is proven."""
    nothing = Verification(Outcome.UNKNOWN_ISSUER, at, reason)
    try:
        certificate = open_claims(open_message(text)).certificate
    except Unreadable:
        return nothing
    if schema.fault_on_reading(certificate) or not certificate.get("t"):
        return nothing
    return replace(_said(certificate, Outcome.UNKNOWN_ISSUER, at), reason=reason)


def _said(certificate: Mapping[str, Any], outcome: Outcome, at: datetime) -> Verification:
    """What a test certificate says by itself, the name masked."""
    test, name = certificate["t"][0], certificate["nam"]
    full_name = f"{name.get('fn') or name.get('fnt') or ''} {name.get('gn') or name.get('gnt') or ''}".strip()
    return Verification(
        outcome=outcome,
        checked_at=at,
        issuer=test["is"],
        facility_name=test.get("tc"),
        masked_name=mask_name(full_name),
        birth_year=str(certificate.get("dob", ""))[:4],
        test_type=_TEST_TYPES.get(test["tt"]),
        value="positive" if test["tr"] == RESULT_DETECTED else "negative",
        sampled_at=_time_written(test["sc"]),
    )


def _time_written(written: object) -> datetime | None:
    """A time as a certificate writes it, without a zone in UTC; None where it cannot be read, or nobody means it."""
    try:
        moment = datetime.fromisoformat(str(written).upper())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if EARLIEST <= moment < LATEST else None


def _has_newer(issued: _IssuedRow | None, state: str | None) -> bool:
    """Only of a revoked paper it is asked whether there is another."""
    if issued is None or state != Decided.REVOKED:
        return False
    return has_newer_certificate(issued.person_code, issued.issued_at)


def _is_signed_here(judged: Verdict) -> bool:
    return judged.message is not None and judged.message.kid == document_signer().key_identifier


def _stated(judged: Verdict, issued: _IssuedRow | None) -> Stated | None:
    """What the rules need to know: from our own ledger exactly, else from the paper as far as it says it."""
    if issued is not None:
        return Stated(issued.category, issued.test_type, issued.sampled_at, issued.resulted_at)
    test, private = (judged.certificate or {})["t"][0], judged.private or {}
    resulted_at, category = _moment(private.get("resulted_at")), private.get("category")
    sampled_at = _time_written(test["sc"])
    if resulted_at is None or sampled_at is None or not category:
        return None
    return Stated(
        category=str(category),
        test_type=_TEST_TYPES.get(test["tt"], ""),
        sampled_at=sampled_at,
        resulted_at=resulted_at,
    )


def _moment(seconds: object) -> datetime | None:
    try:
        is_time = isinstance(seconds, int) and not isinstance(seconds, bool)
        moment = datetime.fromtimestamp(seconds, tz=UTC) if is_time else None  # type: ignore[arg-type]
    except (OverflowError, OSError, ValueError):
        return None
    return moment if moment and EARLIEST <= moment < LATEST else None


def _trusted(kid: bytes) -> Sequence[TrustedKey]:
    return [_key(der) for der in trusted_certificates() if key_id(der) == kid]


@lru_cache(maxsize=1024)
def _key(der: bytes) -> TrustedKey:
    return trusted_key_from_der(der)
