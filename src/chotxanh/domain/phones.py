"""Phone numbers: stored as E.164, shown as people in Viet Nam read them."""

import re

import phonenumbers

from chotxanh.domain.problems import Problem

REGION = "VN"

_TYPED = re.compile(r"[+0-9 ().\-\u00a0]{7,32}")
_OLD_MOBILE = re.compile(r"(?:0|\+?84)1[2689][0-9]{8}")


def parse_phone(text: str) -> str:
    """The E.164 form of a number typed in Viet Nam, or of a foreign number that begins with +.

    Problems: `phone_missing`, `phone_invalid`, `phone_old_format` (the 11-digit mobile numbers 012x, 016x,
    018x and 019x that ended in 2018).
    """
    typed = text.strip()
    if not typed:
        raise Problem("phone_missing")
    if not _TYPED.fullmatch(typed):
        raise Problem("phone_invalid")
    digits = re.sub("[^+0-9]", "", typed)
    if _OLD_MOBILE.fullmatch(digits):
        raise Problem("phone_old_format")
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        raise Problem("phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise Problem("phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(phone: str) -> str:
    """An E.164 number for people: `0912 345 678`, foreign numbers with their country code."""
    if re.fullmatch(r"\+84[35789][0-9]{8}", phone):
        return f"0{phone[3:6]} {phone[6:9]} {phone[9:]}"
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    is_national = number.country_code == phonenumbers.country_code_for_region(REGION)
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if is_national else formats.INTERNATIONAL)
