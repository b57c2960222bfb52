"""Turns a verification into what the verify page shows: the word, its sign and colour, and the rows beneath."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from chotxanh.certificates.wording import anchor_words, pool_words, rule_words
from chotxanh.language.formats import show_time
from chotxanh.language.texts import text
from chotxanh.verification.checking import Verification

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
}
NEGATIVE = "negative"
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
    """The answer as shown."""

    style: str
    sign: str
    word: str
    until: str
    about: str
    rows: tuple[Row, ...]
    checked: str


def answer_of(verification: Verification) -> PageAnswer:
    """The answer in the reader's language."""
    outcome = _outcome(verification)
    style, sign = STYLES[outcome]
    is_other_result = outcome == "not_usable" and verification.value not in (None, NEGATIVE)
    if is_other_result:
        style, sign = "plain", "task"
    return PageAnswer(
        style=style,
        sign=sign,
        word=text(f"verify.{outcome}"),
        until=_until(verification) if outcome in ("valid", "provisional") else "",
        about=text("verify.not_usable_detected") if is_other_result else _about(verification, outcome),
        rows=_rows(verification),
        checked=_checked(verification.checked_at),
    )


def _until(verification: Verification) -> str:
    if verification.valid_until is None:
        return ""
    return text("verify.valid_until", time=show_time(verification.valid_until))


def _outcome(verification: Verification) -> str:
    """The outcome to show: what is past is over and what is damaged cannot be read, neither is "not genuine"."""
    outcome = str(verification.outcome)
    if outcome == "not_genuine" and verification.reason in DAMAGED_REASONS:
        return "unreadable"
    if outcome == "not_genuine" and verification.reason in OVER_REASONS:
        return "over"
    if outcome == "not_genuine" and verification.reason in TIMELY_REASONS:
        return "not_usable"
    return outcome


def _about(verification: Verification, outcome: str) -> str:
    if outcome == "over" and verification.valid_until is not None:
        return text("verify.over_about", time=show_time(verification.valid_until))
    if outcome == "over":
        return text("verify.over_long_ago")
    if verification.reason in TIMELY_REASONS:
        return text("verify.not_yet_about")
    return text(f"verify.{outcome}_about")


def _rows(verification: Verification) -> tuple[Row, ...]:
    """What an untrusted signature covers is not shown: it would lend a forgery the look of a certificate."""
    if str(verification.outcome) in ("not_genuine", "unknown_issuer"):
        return ()
    shown = (
        ("masked_name", verification.masked_name),
        ("birth_year", verification.birth_year),
        ("value", _named("verify.result", verification.value)),
        ("test_type", _named("verify.test_type", verification.test_type)),
        ("pool", pool_words(verification.pool_size)),
        ("sampled_at", _time(verification.sampled_at)),
        ("resulted_at", _time(verification.resulted_at)),
        ("until", _time(verification.valid_until)),
        ("rule", rule_words(verification.rule)),
        ("anchor", anchor_words(verification.rule)),
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
