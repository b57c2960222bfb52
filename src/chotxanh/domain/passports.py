"""The machine-readable lines of passports and identity cards, as an OCR reader types them (ICAO 9303-3, -4, -5).

Two lines of 44 characters (passport) or three of 30 (card), with or without line ends between them.
"""

import re
from dataclasses import dataclass

from chotxanh.domain.cards import Card
from chotxanh.domain.identity import IdType, Sex, id_type

_LINE_ENDS = re.compile("[ \t\r\n\u00a0]+")
_PAPER = r"(?P<number>[A-Z0-9<]{9})(?P<number_check>[0-9<])"
_BIRTH = r"(?P<birth>[0-9]{2}[0-9<]{4})(?P<birth_check>[0-9])"
_EXPIRY = r"(?P<sex>[MFX<])(?P<expiry>[0-9]{6})(?P<expiry_check>[0-9])"
_PASSPORT = re.compile(
    rf"P[A-Z<][A-Z<]{{3}}(?P<name>[A-Z<]{{39}}){_PAPER}(?P<nationality>[A-Z<]{{3}}){_BIRTH}{_EXPIRY}"
    r"(?P<optional>[A-Z0-9<]{14})[0-9<](?P<check>[0-9])"
)
_CARD = re.compile(
    rf"[ACI][A-Z<][A-Z<]{{3}}{_PAPER}(?P<optional>[A-Z0-9<]{{15}}){_BIRTH}{_EXPIRY}(?P<nationality>[A-Z<]{{3}})"
    r"[A-Z0-9<]{11}(?P<check>[0-9])(?P<name>[A-Z<]{30})"
)
_SEX = {"M": Sex.MALE, "F": Sex.FEMALE}
_WEIGHTS = (7, 3, 1)
_LONGEST = 120


@dataclass(frozen=True)
class _Layout:
    """A form of the lines: what it looks like, and which places its last check digit is over."""

    pattern: re.Pattern[str]
    checked: tuple[tuple[int, int], ...]


_LAYOUTS = (
    _Layout(_PASSPORT, ((44, 54), (57, 64), (65, 87))),
    _Layout(_CARD, ((5, 30), (30, 37), (38, 45), (48, 59))),
)


def read_machine_lines(text: str) -> Card | None:
    """The passport or card whose lines `text` holds, None when it holds none."""
    if len(text) > _LONGEST or "<" not in text:
        return None
    lines = _LINE_ENDS.sub("", text)
    for layout in _LAYOUTS:
        found = layout.pattern.fullmatch(lines)
        if found:
            card = _card(found.groupdict())
            composite = "".join(lines[begin:end] for begin, end in layout.checked)
            if not (_are_fields_checked(found) and check_digit(composite) == found["check"]):
                card.warnings.append("check_digit_wrong")
            card.cross_check()
            return card
    return None


def check_digit(text: str) -> str:
    """The digit over `text` with weights 7, 3, 1; letters count from 10, the filler nothing (ICAO 9303-3, 4.9)."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _are_fields_checked(found: re.Match[str]) -> bool:
    is_number_checked = check_digit(found["number"]) == found["number_check"] or found["number_check"] == "<"
    return (
        is_number_checked
        and check_digit(found["birth"]) == found["birth_check"]
        and check_digit(found["expiry"]) == found["expiry_check"]
    )


def _card(lines: dict[str, str]) -> Card:
    """Vietnamese papers hold the personal number beside their own; other countries' numbers are not of its kind."""
    beside = lines["optional"][:12] if lines["nationality"] == "VNM" else ""
    number = beside if id_type(beside) is IdType.CITIZEN else lines["number"].rstrip("<")
    card = Card("identity_card", {"id_number": number, "id_type": id_type(number).value})
    card.put_name(lines["name"].replace("<", " "))
    _put_birth(card, lines["birth"], lines["expiry"])
    if lines["sex"] in _SEX:
        card.fields["sex"] = _SEX[lines["sex"]].value
    card.put("nationality", lines["nationality"].rstrip("<"))
    year, month, day = _pairs(lines["expiry"])
    card.put_day("expires_on", f"20{year}-{month}-{day}")
    return card


def _put_birth(card: Card, birth: str, expiry: str) -> None:
    """Two digits of the year: the nearest century before the paper ends, and said where a centenarian would fit."""
    year, month, day = _pairs(birth)
    is_of_this_century = year <= expiry[:2]
    whole = f"{20 if is_of_this_century else 19}{year}"
    card.put_birth(whole if "<" in month + day else f"{whole}-{month}-{day}")
    if is_of_this_century:
        card.warnings.append("birth_century_assumed")


def _pairs(text: str) -> tuple[str, str, str]:
    return text[:2], text[2:4], text[4:]
