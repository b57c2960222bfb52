"""Turns a verification into what the verify page shows: the word, its sign and colour, and the rows beneath."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString

from chotxanh.certificates.wording import (
    anchor_words,
    call_words,
    pool_words,
    rule_words,
    until_words,
    whom_words,
)
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.verification.checking import Verification

NEGATIVE = "negative"
# Shown as "not usable", each with its own sentence: a genuine certificate of another result, and one before its time.
OTHER_RESULT, NOT_YET = "not_usable_detected", "not_yet"
# Style and sign by outcome (look.md: colour, sign, word). A genuine positive is an ordinary card, not an alarm.
STYLES = {
    "valid": ("valid", "valid"),
    "over": ("over", "over"),
    "superseded": ("over", "replaced"),
    "revoked": ("not-genuine", "revoked"),
    "suspended": ("wait", "wait"),
    "provisional": ("wait", "wait"),
    "no_rule": ("wait", "wait"),
    "not_recorded": ("wait", "wait"),
    "unreadable": ("wait", "wait"),
    "unknown_issuer": ("unknown", "unknown"),
    "not_genuine": ("not-genuine", "not-genuine"),
    "not_usable": ("not-genuine", "not-genuine"),
    OTHER_RESULT: ("plain", "task"),
    NOT_YET: ("not-genuine", "not-genuine"),
}
# The text was cut or altered before it reached a signature: a bad scan does this as well as a bad forgery.
DAMAGED_REASONS = frozenset(
    {"prefix_missing", "text_too_long", "base45_invalid", "cose_invalid", "claims_invalid",
     "compression_invalid", "compression_too_large"}
)  # fmt: skip
# The signature is right (it is judged first), but the time on it is not now.
OVER_REASONS = frozenset({"expired", "key_expired"})
TIMELY_REASONS = frozenset({"issued_in_future", "sampled_in_future", "key_not_yet_valid", "born_in_future"})


class Row(NamedTuple):
    """One line of what the certificate says."""

    label: str
    value: str


@dataclass(frozen=True)
class PageAnswer:
    """The answer as shown: the state, who it is about, one line for the guard, then what the certificate says.

    `is_proven` is False where the rows are only what a code of an unknown signer says.
    """

    style: str
    sign: str
    word: str
    until: str
    whom: str
    about: str
    holder: str
    act: SafeString
    rows: tuple[Row, ...]
    checked: str
    is_proven: bool


def answer_of(verification: Verification) -> PageAnswer:
    """The answer in the reader's language."""
    outcome = _outcome(verification)
    style, sign = STYLES[outcome]
    is_usable = outcome in ("valid", "provisional")
    return PageAnswer(
        style=style,
        sign=sign,
        word=text("verify.not_usable" if outcome in (OTHER_RESULT, NOT_YET) else f"verify.{outcome}"),
        until=until_words(verification.valid_until) if is_usable and verification.valid_until else "",
        whom=whom_words(verification.category, verification.rule) if is_usable else "",
        about=_about(verification, outcome),
        holder=_holder(verification),
        act=call_words(f"verify.{outcome}_act", verification.duty_phone),
        rows=_rows(verification, outcome),
        checked=_checked(verification.checked_at),
        is_proven=outcome != "unknown_issuer",
    )


def _outcome(verification: Verification) -> str:
    """The outcome to show: what is past is over and what is damaged cannot be read, neither is "not genuine"."""
    outcome = str(verification.outcome)
    if outcome == "not_genuine" and verification.reason in DAMAGED_REASONS:
        return "unreadable"
    if outcome == "not_genuine" and verification.reason in OVER_REASONS:
        return "over"
    if verification.reason in TIMELY_REASONS:
        return NOT_YET
    if outcome == "not_usable" and verification.value not in (None, NEGATIVE):
        return OTHER_RESULT
    return outcome


def _about(verification: Verification, outcome: str) -> str:
    if outcome == "over" and verification.valid_until is not None:
        return text("verify.over_about", time=show_time(verification.valid_until))
    if outcome == "over":
        return text("verify.over_long_ago")
    return text(f"verify.{outcome}" if outcome == OTHER_RESULT else f"verify.{outcome}_about")


def _holder(verification: Verification) -> str:
    """Whom the guard has before them, right below the state (look.md); nothing of what was forged."""
    if not verification.masked_name:
        return ""
    return text("verify.holder", name=verification.masked_name, year=verification.birth_year or "?")


def _rows(verification: Verification, outcome: str) -> tuple[Row, ...]:
    """What the certificate says beside its holder.

    What a wrong signature covers is not shown: it would lend a forgery the look of a certificate. Until when and by
    which rule stands only where that still says something.
    """
    if str(verification.outcome) == "not_genuine":
        return ()
    is_judged = outcome in ("valid", "over", "provisional")
    shown = (
        ("value", _named("verify.result", verification.value)),
        ("test_type", _named("verify.test_type", verification.test_type)),
        ("pool", pool_words(verification.pool_size)),
        ("sampled_at", _time(verification.sampled_at)),
        ("resulted_at", _time(verification.resulted_at)),
        ("until", _time(verification.valid_until) if is_judged else ""),
        ("rule", rule_words(verification.rule) if is_judged else ""),
        ("anchor", anchor_words(verification.rule) if is_judged else ""),
        ("category", _named("declare.category", verification.category)),
        ("facility", verification.facility_name),
        ("issuer", verification.issuer),
    )
    return tuple(Row(f"verify.{label}", str(value)) for label, value in shown if value)


def _named(kind: str, value: str | None) -> str:
    if not value:
        return ""
    try:
        return text(f"{kind}.{value}")
    except KeyError:
        return value


def _time(moment: datetime | None) -> str:
    return show_time(moment) if moment is not None else ""


def _checked(moment: datetime) -> str:
    return text("verify.checked_at", time=show_time(moment))
