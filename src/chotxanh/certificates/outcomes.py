"""How a certificate stands at a time, for its holder and for whoever checks it."""

from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a check answers, in the words of the portal."""

    VALID = "valid"
    OVER = "over"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    PROVISIONAL = "provisional"
    NOT_USABLE = "not_usable"
    NO_RULE = "no_rule"
    NOT_RECORDED = "not_recorded"
    UNKNOWN_ISSUER = "unknown_issuer"
    NOT_GENUINE = "not_genuine"


def outcome_of(
    revoked_because: str | None,
    valid_until: datetime | None,
    at: datetime,
    *,
    is_detected: bool = False,
    is_expired: bool,
) -> Outcome:
    """Return how a genuine certificate stands at `at` (UTC); `revoked_because` is None unless it was revoked.

    `is_detected` if it says that something was found. `is_expired` if its signature's technical end is past: that
    ends only a certificate for which no rule states a time (`valid_until` None).
    """
    if revoked_because is not None:
        return Outcome.SUPERSEDED if revoked_because == "superseded" else Outcome.REVOKED
    if is_detected:
        return Outcome.NOT_USABLE
    if valid_until is None:
        return Outcome.OVER if is_expired else Outcome.NO_RULE
    return Outcome.VALID if at < valid_until else Outcome.OVER
