"""What a text that could be a tube's barcode may be instead: numbers of people and goods, dates, two scans in one.

Suppliers print what they like, so none of this refuses a barcode. It warns, for a tube that opens under somebody's
identity number takes in the next person. `contracts/scan.json` holds this and its TypeScript twin together.
"""

import re

from chotxanh.domain import codes

_PERSONAL_NUMBER = "0[0-9]{2}[0-3][0-9]{8}"
_MOBILE = "0[35789][0-9]{8}"
_INSURANCE = "[A-Z]{2}[0-9]{13}"
_PASSPORT = "[A-Z]{1,2}[0-9]{6,8}"
_DAY, _MONTH, _YEAR = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_TIME = "(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_SHAPES = (
    ("may_be_id_number", re.compile("[0-9]{12}|[0-9]{9}")),
    ("may_be_phone", re.compile(rf"(?:TEL:|SMSTO:|SMS:)?(?:{_MOBILE}|[+]?84[35789][0-9]{{8}})")),
    ("may_be_insurance_number", re.compile(_INSURANCE)),
    ("may_be_passport_number", re.compile(_PASSPORT)),
    ("may_be_plate", re.compile("[0-9]{2}-?[A-Z]{1,2}[0-9]?[- ]?[0-9]{3}[.,]?[0-9]{1,2}")),
    (
        "may_be_date",
        re.compile(
            rf"(?:[0-9]{{1,2}}[/.\- ][0-9]{{1,2}}[/.\- ]{_YEAR}|{_YEAR}[/.\-][0-9]{{1,2}}[/.\-][0-9]{{1,2}}){_TIME}"
            rf"|{_DAY}{_MONTH}{_YEAR}|{_YEAR}{_MONTH}{_DAY}"
        ),
    ),
    ("may_be_link", re.compile("(?:TEL|SMSTO|SMS|MAILTO|GEO|WIFI|SHC|DCC|MECARD|BEGIN|WWW|HTTPS?)[:.].*")),
    (
        "may_be_damaged_own_code",
        re.compile(
            rf"[BPHST][{codes.ALPHABET}]{{{codes.CODE_LENGTH - 1}}}|Q[0-9]{{24,}}[0-9B-Z]"
            rf"|{codes.COMMAND_STEM}[{codes.ALPHABET}]{{3}}"
        ),
    ),
)
_PRODUCT = re.compile("[0-9]{8}|[0-9]{13,14}")
_PRODUCT_OF_VIET_NAM = re.compile("893[0-9]{10}")  # typed, perhaps, and its check digit with a slip
_NUMBER = f"(?:{_PERSONAL_NUMBER}|{_MOBILE}|{_INSURANCE}|[A-Z][0-9]{{7}})"
_TWO_NUMBERS = re.compile(f"{_NUMBER}(?: ?{_NUMBER})+")
_TWO_LABELS = re.compile(r"([A-Z]{1,6}[-./]?)[0-9]{3,}(?: ?\1[0-9]{3,})+")
_FEWEST_OF_HALF = 4
_LONGEST_COMMAND = 10


def resemblances(barcode: str) -> tuple[str, ...]:
    """Warnings (`may_be_...`) for a barcode in its normal form."""
    warnings = [warning for warning, shape in _SHAPES if shape.fullmatch(barcode)]
    is_product = _PRODUCT.fullmatch(barcode) is not None and has_product_check_digit(barcode)
    if is_product or _PRODUCT_OF_VIET_NAM.fullmatch(barcode):
        warnings.append("may_be_product_code")
    if is_two_scans(barcode):
        warnings.append("may_be_two_scans")
    return tuple(warnings)


def has_product_check_digit(digits: str) -> bool:
    """Whether the last digit of an EAN-8, EAN-13 or GTIN-14 is right: weights 3 and 1 from the right (GS1)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def is_two_scans(text: str) -> bool:
    """Whether a scanner without a suffix ran two scans together: a code of ours within, twice the same, two numbers."""
    half = len(text) // 2
    between = text[half : len(text) - half]
    is_twice = half >= _FEWEST_OF_HALF and text[:half] == text[-half:] and between in ("", " ")
    return (
        is_twice or bool(_TWO_LABELS.fullmatch(text) or _TWO_NUMBERS.fullmatch(text)) or _has_own_code(text)
    )


def _has_own_code(text: str) -> bool:
    length = codes.CODE_LENGTH
    ends = [text[:length], text[-length:]] if len(text) > length else []
    commands = [text[:_LONGEST_COMMAND], text[-_LONGEST_COMMAND:]] if len(text) > _LONGEST_COMMAND else []
    return any(map(codes.parse_code, ends)) or any(map(codes.parse_command, commands))
