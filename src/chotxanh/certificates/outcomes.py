"""How a certificate stands at a time, for its holder and for whoever checks it."""

from datetime import datetime
from enum import StrEnum

from chotxanh.certificates.payloads import Decided


class Outcome(StrEnum):
    """What a check answers, in the words of the portal."""

    VALID = "valid"
    OVER = "over"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    PROVISIONAL = "provisional"
    NOT_USABLE = "not_usable"
    NO_RULE = "no_rule"
    NOT_RECORDED = "not_recorded"
    UNKNOWN_ISSUER = "unknown_issuer"
    NOT_GENUINE = "not_genuine"


def decided_outcome(decided: str | None, *, has_newer: bool) -> Outcome | None:
    """Return what was `decided` last since a certificate was issued makes of it; None where it is as it was issued.

    `has_newer` if its person was given another one since that stands: only then a revoked one was superseded.
    """
    if decided == Decided.REVOKED:
        return Outcome.SUPERSEDED if has_newer else Outcome.REVOKED
    return Outcome.SUSPENDED if decided == Decided.SUSPENDED else None


def outcome_of(
    decided: Outcome | None,
    valid_until: datetime | None,
    at: datetime,
    *,
    is_detected: bool = False,
    is_expired: bool,
) -> Outcome:
    """Return how a genuine certificate stands at `at` (UTC), of which `decided` was decided since.

    `is_detected` if it says that something was found. `is_expired` if its signature's technical end is past: that
    ends only a certificate for which no rule states a time (`valid_until` None).
    """
    if decided is not None:
        return decided
    if is_detected:
        return Outcome.NOT_USABLE
    if valid_until is None:
        return Outcome.OVER if is_expired else Outcome.NO_RULE
    return Outcome.VALID if at < valid_until else Outcome.OVER
