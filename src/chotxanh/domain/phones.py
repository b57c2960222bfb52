"""Phone numbers: stored as E.164, shown as people in Viet Nam read them."""

import re

import phonenumbers

from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem

REGION = "VN"

LONGEST_TYPED = 200

_BEFORE = re.compile(r"(?:tel:|(?:s?đt|sdt|dt|điện thoại|phone|mobile|tel)\b ?[:.]?) ?", re.IGNORECASE)
_TYPED = re.compile(r"[+0-9 ().\-]{4,32}")
_TRUNK_ZERO = re.compile(
    r"^((?:\+|00)[0-9]{1,3}) ?\(0\)"
)  # +84 (0)912: the zero is for calls within the country
_SEVERAL = re.compile(
    r"[0-9][0-9 .\-]{6,}[0-9]\)? ?(?:[/;,|&+]| và | or | hoặc | - ) ?[+(]?[0-9][0-9 .\-()]{6,}[0-9]"
)
_RUN_TOGETHER = re.compile("0[1-9][0-9]{8,9}0[1-9][0-9]{8,9}")
_OLD_MOBILE = re.compile(r"(?:0|\+?840?|00840?)?1[2689][0-9]{8}")
_DIGIT_OF_LETTER = {"o": "0", "q": "0", "l": "1", "i": "1"}


def _mobile_numbers_here() -> re.Pattern[str]:
    """Return what the library takes for a mobile number of this country, as it is dialled or in E.164."""
    known = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
    assert known is not None
    assert known.mobile is not None
    return re.compile(rf"(?:0|\+84)({known.mobile.national_number_pattern})")


# Nearly every number is one of these; to ask the library of which country and kind it is costs as much as reading the
# rest of the form.
_MOBILE_HERE = _mobile_numbers_here()


def parse_phone(text: str) -> str:
    """The E.164 form of a number typed in Viet Nam, or of a foreign number that begins with + or 00.

    Problems: `phone_missing`, `phone_invalid`, `phone_letter_for_digit` (O for 0, l for 1), `phone_several`,
    `phone_old_format` (the 11-digit mobile numbers 012x, 016x, 018x and 019x that ended in 2018).
    """
    typed = plain(text[:LONGEST_TYPED])
    typed = (typed[found.end() :] if (found := _BEFORE.match(typed)) else typed).strip(" ,;")
    if not typed:
        raise Problem("phone_missing")
    if _SEVERAL.fullmatch(typed):
        raise Problem("phone_several")
    if not _TYPED.fullmatch(typed):
        raise _unreadable(typed)
    digits = re.sub("[^+0-9]", "", _TRUNK_ZERO.sub(r"\1", typed))
    if _RUN_TOGETHER.fullmatch(digits):
        raise Problem("phone_several")
    if _OLD_MOBILE.fullmatch(digits):
        raise Problem("phone_old_format")
    return _e164(digits)


def _e164(digits: str) -> str:
    if mobile := _MOBILE_HERE.fullmatch(digits):
        return f"+84{mobile[1]}"
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        raise Problem("phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise Problem("phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _unreadable(typed: str) -> Problem:
    """Ask where a letter stands that looks like the digit it is for, and everything else is a number."""
    letters = [character for character in typed if character.lower() in _DIGIT_OF_LETTER]
    rest = "".join(_DIGIT_OF_LETTER.get(character.lower(), character) for character in typed)
    if letters and _TYPED.fullmatch(rest) and len(re.findall("[0-9]", typed)) >= 2 * len(letters):
        return Problem(
            "phone_letter_for_digit", letter=letters[0], digit=_DIGIT_OF_LETTER[letters[0].lower()]
        )
    return Problem("phone_invalid")


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
