"""How a paper says until when, for whom and by which rule it holds, and whom to call about it (field rules C3, E)."""

from datetime import datetime

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chotxanh.domain.phones import show_phone
from chotxanh.domain.units import PROVINCE_BY_CODE
from chotxanh.domain.validity import ValidityRule
from chotxanh.language.formats import show_clock, show_date
from chotxanh.language.texts import catalogue, text

_HERE = "\x00"  # where a sentence has its number; no text has this character


def until_words(until: datetime) -> str:
    """Return `đến 14:05 ngày 03/08/2021` for an aware `until`."""
    return text("certificate.until", clock=show_clock(until), date=show_date(until))


def whom_words(category: str | None, rule: ValidityRule | None) -> str:
    """Return for whom a paper of this category holds and by what; empty without a rule.

    A rule that names a category speaks of nobody else, and the words say so.
    """
    if rule is None or not category:
        return ""
    key = f"certificate.of_category.{category}"
    named = text(key) if key in catalogue() else category
    words = text("certificate.for_whom", category=named, rule=rule_words(rule))
    return f"{words} {text('certificate.for_nobody_else')}" if rule.category else words


def rule_words(rule: ValidityRule | None) -> str:
    """Return what was enacted, and the number of its document; empty without a rule."""
    if rule is None:
        return ""
    if not rule.document:
        return rule.legal_reference
    return text("certificate.rule_of_document", reference=rule.legal_reference, document=rule.document)


def anchor_words(rule: ValidityRule | None) -> str:
    """Return what the hours count from, and that other provinces may count otherwise; empty without a rule."""
    return text(f"certificate.anchor.{rule.anchor}", province=province_name()) if rule else ""


def province_name() -> str:
    """Return the name of the province whose rules judge here, or its code where that is not one of 2021."""
    code = settings.PROVINCE.rpartition(":")[2]
    known = PROVINCE_BY_CODE.get(code)
    return known.name if known else code


def pool_words(size: int | None) -> str:
    """Return that several people shared the tube, and how many; empty where nobody did, or it is not known."""
    return text("certificate.pool_of", count=size) if size and size > 1 else ""


def call_words(key: str, phone: str) -> SafeString:
    """Return the sentence `key` with a number that can be dialled in its place for `{phone}`.

    Where no number is known (`phone` empty) it names the duty number of the issuer in words.
    """
    if not phone:
        return format_html("{}", text(key, phone=text("verify.duty_number")))
    before, here, after = text(key, phone=_HERE).partition(_HERE)
    if not here:
        return format_html("{}", before)
    shown = show_phone(phone) if phone.startswith("+") else phone
    return format_html('{}<a class="number" href="tel:{}">{}</a>{}', before, phone, shown, after)
