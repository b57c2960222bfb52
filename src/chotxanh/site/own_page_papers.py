"""A certificate as its holder sees it on the own page: how it stands, its code, and what it says."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import HeldCertificate
from chotxanh.certificates.wording import (
    anchor_words,
    pool_words,
    province_name,
    rule_words,
    until_words,
    whom_words,
)
from chotxanh.domain.codes import group
from chotxanh.language.formats import show_date, show_time
from chotxanh.language.gaps import Gap
from chotxanh.language.texts import catalogue, text
from chotxanh.pictures.drawing import qr_image

MOST_PICTURES = 256  # of about 2 kB, in this process's memory alone
# A paper without a time of its own is shown all the same: who reads it judges by the times it states.
USABLE = ("valid", "no_rule")
# In characters; above it level Q needs more modules than an old phone's camera resolves.
LONGEST_AT_LEVEL_Q = 620

# Style and sign of a certificate by its status; one that is over looks like neither of these.
_LOOKS = {
    Outcome.VALID: ("valid", "valid"),
    Outcome.NO_RULE: ("wait", "wait"),
    Outcome.SUSPENDED: ("wait", "wait"),
    Outcome.SUPERSEDED: ("over", "replaced"),
    Outcome.REVOKED: ("not-genuine", "revoked"),
}


def shown_paper(held: HeldCertificate) -> dict[str, Any]:
    """Return what the page shows of a certificate; only one that can be used carries its code."""
    style, sign = _LOOKS.get(held.status, ("over", "over"))
    until = held.valid_until if held.status == "valid" else None
    whom = whom_words(held.category, held.rule) if held.status == "valid" else ""
    return {
        "style": style,
        "sign": sign,
        "word": f"certificate.{held.status}",
        "is_suspended": held.status == Outcome.SUSPENDED,
        "until": Gap(until_words(until) if until else ""),
        "whom": Gap(whom),
        "valid_until": Gap(show_time(held.valid_until) if held.valid_until else ""),
        "qr": Gap(certificate_qr(held.text) if held.status in USABLE and held.text else ""),
        "number": Gap(group(held.number)),
        "place_and_date": Gap(_place_and_date(held.resulted_at)),
        "letterhead": Gap(held.facility_name.upper()),
        "tube": Gap(held.tube),
        "facts": _facts(held, is_said=bool(whom)),
    }


def certificate_qr(certificate: str) -> SafeString:
    """The certificate as a QR code: level Q as the format recommends, M where Q would be too dense to read."""
    return _drawn(certificate, text("certificate.qr_label"))


@lru_cache(maxsize=MOST_PICTURES)
def _drawn(certificate: str, label: str) -> SafeString:
    """Draw it; who waits for a gate to open looks at the page again and again."""
    level = "Q" if len(certificate) <= LONGEST_AT_LEVEL_Q else "M"
    return mark_safe(qr_image(certificate, label=label, error_correction=level))  # noqa: S308


def _facts(held: HeldCertificate, *, is_said: bool) -> tuple[tuple[str, Gap], ...]:
    """What it says: the key of each label, and the words; what it does not say is empty.

    `is_said` if the state's own box says until when and by what, and so does the paper.
    """
    is_judged = held.status in (
        *USABLE,
        Outcome.OVER,
    )  # else until when it holds, or held, says nothing any more
    until = show_time(held.valid_until) if held.valid_until else text("certificate.no_rule")
    return (
        ("certificate.category", Gap(_category(held.category))),
        ("certificate.result", Gap(text(f"certificate.negative.{held.test_type}"))),
        ("verify.pool", Gap(pool_words(held.pool_size))),
        ("certificate.sampled_at", Gap(show_time(held.sampled_at))),
        ("certificate.resulted_at", Gap(show_time(held.resulted_at))),
        ("certificate.valid_until", Gap(until if is_judged and not is_said else "")),
        ("certificate.rule", Gap(rule_words(held.rule) if is_judged and not is_said else "")),
        ("certificate.anchor", Gap(anchor_words(held.rule) if is_judged else "")),
        ("certificate.facility", Gap(held.facility_name)),
    )


def _category(category: str) -> str:
    """Of which group its holder was tested, in words, or as written."""
    key = f"declare.category.{category}"
    return text(key) if key in catalogue() else category


def _place_and_date(resulted_at: datetime) -> str:
    """Where and on which day the result became known, as administrative papers write it (Nghị định 30).

    There a day below 10 and the months 1 and 2 alone have a zero before them.
    """
    day, month, year = show_date(resulted_at).split("/")
    month = month if month in ("01", "02") else month.removeprefix("0")
    return text("print.place_and_date", place=province_name(), day=day, month=month, year=year)
