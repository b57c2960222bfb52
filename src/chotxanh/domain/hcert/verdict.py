"""Is this certificate genuine, and by whose word? A reason and every step, never an exception.

Order after eu-dcc-hcert-spec 1.0.8: prefix, base45, zlib, COSE, key, signature, claims, time, key usage,
schema. After a failed signature the later steps are still reported for diagnosis, but the content is not
handed out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from chotxanh.domain.hcert import certificates, cose, cwt, schema
from chotxanh.domain.hcert.keyusage import USAGE_OF_GROUP

STEPS = (
    "UNPREFIX",
    "B45DECODE",
    "COMPRESSION",
    "VERIFY",
    "DECODE",
    "EXPIRATIONCHECK",
    "KEYUSAGE",
    "SCHEMAVALIDATION",
)
_TEXT_STEPS = STEPS[:3]


@dataclass(frozen=True)
class TrustedKey:
    """A document signer: what it may sign (empty: anything), when, and how its signatures are verified.

    `verify(message, signature)` takes raw r||s for ES256; any wrong length is False, never an exception.
    """

    algorithm: cose.Algorithm
    usages: frozenset[str]
    not_before: datetime
    not_after: datetime
    verify: Callable[[bytes, bytes], bool]


Trusted = Callable[[bytes], Sequence[TrustedKey]]


class Verdict(NamedTuple):
    """What was found out. `certificate` and `claims` are handed out only when the signature is right."""

    valid: bool
    reason: str | None
    steps: dict[str, bool]
    certificate: dict[str, Any] | None = None
    claims: cwt.Claims | None = None
    message: cose.Sign1 | None = None

    @property
    def private(self) -> dict[str, Any] | None:
        """The claims of our own under -65537: `resulted_at`, `category`."""
        return self.claims.private if self.claims else None

    @property
    def is_negative_test(self) -> bool:
        """Genuine and "not detected". A genuine certificate with "detected" is genuine and never a pass."""
        tests = self.certificate.get("t") if self.valid and self.certificate else None
        return all(test["tr"] == certificates.RESULT_NOT_DETECTED for test in tests) if tests else False


@dataclass
class _Examination:
    """Steps in the order they were reached and the first reason to refuse."""

    steps: dict[str, bool] = field(default_factory=dict)
    reason: str | None = None

    def record(self, step: str, reason: str | None) -> bool:
        """Note that `step` was reached and why it failed, if it did."""
        self.steps[step] = reason is None
        self.reason = self.reason or reason
        return reason is None


def verdict(text: str, *, at: datetime, trusted: Trusted, supposed: TrustedKey | None = None) -> Verdict:
    """The verdict on `text` at the aware time `at`; `trusted` gives all keys of a key id, or none.

    `supposed` is the signer by which time and key usage are still reported when `trusted` knows none: for diagnosis,
    since without a trusted key the verdict is invalid already.
    """
    examination = _Examination()
    message = _open(text, examination)
    if message is None:
        return Verdict(False, examination.reason, examination.steps)
    keys = trusted(message.kid) if message.kid is not None else ()
    key = _verifying_key(message, keys)
    is_verified = examination.record("VERIFY", None if key else _reason_unverified(message, keys))
    claims = _open_claims(message, examination)
    if claims is not None:
        _judge(claims, key or next(iter(keys), supposed), at, examination)
    is_shown = is_verified and claims is not None
    return Verdict(
        examination.reason is None,
        examination.reason,
        examination.steps,
        claims.certificate if is_shown and claims else None,
        claims if is_shown else None,
        message if is_shown else None,
    )


def _open(text: str, examination: _Examination) -> cose.Sign1 | None:
    try:
        message = certificates.open_message(text)
    except certificates.Unreadable as unreadable:
        for step in _TEXT_STEPS:
            if step == unreadable.step:
                break
            examination.record(step, None)
        if unreadable.step not in _TEXT_STEPS:
            examination.record("VERIFY", unreadable.reason)
        examination.record(unreadable.step, unreadable.reason)
        return None
    for step in _TEXT_STEPS:
        examination.steps[step] = True
    return message


def _verifying_key(message: cose.Sign1, keys: Sequence[TrustedKey]) -> TrustedKey | None:
    """The key whose signature this is; the algorithm is the key's own, so a stated one can only disagree."""
    signed = message.signed_bytes
    for key in keys:
        if key.algorithm is message.algorithm and key.verify(signed, message.signature):
            return key
    return None


def _reason_unverified(message: cose.Sign1, keys: Sequence[TrustedKey]) -> str:
    if message.kid is None:
        return "kid_invalid"
    if message.algorithm is None:
        return "algorithm_unsupported"
    if not keys:
        return "key_unknown"
    if all(key.algorithm is not message.algorithm for key in keys):
        return "algorithm_mismatch"
    return "signature_invalid"


def _open_claims(message: cose.Sign1, examination: _Examination) -> cwt.Claims | None:
    try:
        claims = certificates.open_claims(message)
    except certificates.Unreadable as unreadable:
        examination.record("DECODE", unreadable.reason)
        return None
    examination.record("DECODE", None)
    return claims


def _judge(claims: cwt.Claims, key: TrustedKey | None, at: datetime, examination: _Examination) -> None:
    examination.record("EXPIRATIONCHECK", _reason_of_time(claims, key, at))
    if key is not None:
        examination.record("KEYUSAGE", _reason_of_usage(claims.certificate, key))
    fault = schema.fault_on_reading(claims.certificate)
    if examination.record("SCHEMAVALIDATION", "schema_invalid" if fault else None):
        examination.reason = examination.reason or _reason_of_content(claims.certificate, at)


def _reason_of_time(claims: cwt.Claims, key: TrustedKey | None, at: datetime) -> str | None:
    now = at.timestamp()
    if claims.issued_at is None or claims.expires_at is None:
        return "time_invalid"
    if claims.issued_at > now:
        return "issued_in_future"
    if now > claims.expires_at:
        return "expired"
    if key is not None and at < key.not_before:
        return "key_not_yet_valid"
    return "key_expired" if key is not None and at > key.not_after else None


def _reason_of_usage(certificate: dict[str, Any], key: TrustedKey) -> str | None:
    if not key.usages:
        return None
    needed = {usage for group, usage in USAGE_OF_GROUP.items() if certificate.get(group) is not None}
    return None if needed <= key.usages else "key_usage_mismatch"


def _reason_of_content(certificate: dict[str, Any], at: datetime) -> str | None:
    """What the schema cannot know: nobody is born or sampled in the future."""
    born = certificate["dob"]
    if born > at.astimezone(UTC).date().isoformat()[: len(born)]:
        return "born_in_future"
    for test in certificate.get("t") or ():
        sampled_at = _moment(test["sc"])
        if sampled_at is not None and sampled_at > at:
            return "sampled_in_future"
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
