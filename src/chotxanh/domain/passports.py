"""The machine-readable lines of passports and identity cards, as an OCR reader types them (ICAO 9303-3, -4, -5).

Two lines of 44 characters (passport) or three of 30 (card), with or without line ends between them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from chotxanh.domain.cards import Card
from chotxanh.domain.identity import IdType, PersonalNumber, Sex, id_type, read_personal_number

_LINE_ENDS = re.compile("[ \t\r\n\u00a0]+")
_PAPER = r"(?P<number>[A-Z0-9<]{9})(?P<number_check>[0-9<])"
_BIRTH = r"(?P<birth>[0-9<]{6})(?P<birth_check>[0-9<])"
_EXPIRY = r"(?P<sex>[MFX<])(?P<expiry>[0-9<]{6})(?P<expiry_check>[0-9<])"
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
FEWEST_CHARACTERS = 88
_BEGINNING = re.compile("[PACI][A-Z<][A-Z]{3}[A-Z0-9<]*<[A-Z0-9<]*")
_WITHOUT_END = ("99", "<<")


@dataclass(frozen=True)
class _Layout:
    """A form of the lines: what it looks like, and which places its last check digit is over."""

    pattern: re.Pattern[str]
    checked: tuple[tuple[int, int], ...]
    goes_on: bool  # whether a longer number goes on in the optional field


_LAYOUTS = (
    _Layout(_PASSPORT, ((44, 54), (57, 64), (65, 87)), goes_on=False),
    _Layout(_CARD, ((5, 30), (30, 37), (38, 45), (48, 59)), goes_on=True),
)


def read_machine_lines(text: str, *, today: date | None = None) -> Card | None:
    """The passport or card whose lines `text` holds, None when it holds none.

    `today` bounds the century of a birth, which the lines do not say; without it only the paper's end does.
    """
    if len(text) > _LONGEST or "<" not in text:
        return None
    lines = _LINE_ENDS.sub("", text)
    for layout in _LAYOUTS:
        found = layout.pattern.fullmatch(lines)
        if found:
            paper = found.groupdict()
            number = _number(paper, may_go_on=layout.goes_on)
            card = _card(paper, number.value, today)
            composite = "".join(lines[begin:end] for begin, end in layout.checked)
            if not (
                number.is_checked and _are_dates_checked(paper) and check_digit(composite) == paper["check"]
            ):
                card.warnings.append("check_digit_wrong")
            card.cross_check()
            return card
    return None


def is_part_of_lines(text: str) -> bool:
    """Whether `text` begins as such lines do and ends too early."""
    lines = _LINE_ENDS.sub("", text[:_LONGEST])
    return len(lines) < FEWEST_CHARACTERS and _BEGINNING.fullmatch(lines) is not None


def check_digit(text: str) -> str:
    """The digit over `text` with weights 7, 3, 1; letters count from 10, the filler nothing (ICAO 9303-3, 4.9)."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


class _Number(NamedTuple):
    value: str
    is_checked: bool


def _number(paper: Mapping[str, str], *, may_go_on: bool) -> _Number:
    """The paper's number; on a card a filler for its check digit says that it goes on beside (ICAO 9303-5, 4.2.2)."""
    begun, check = paper["number"], paper["number_check"]
    if check != "<":
        return _Number(begun.rstrip("<"), check_digit(begun) == check)
    rest = paper["optional"].split("<")[0]
    if not may_go_on or len(rest) < 2 or "<" in begun:
        return _Number(begun.rstrip("<"), is_checked=True)
    return _Number(begun + rest[:-1], check_digit(begun + rest[:-1]) == rest[-1])


def _are_dates_checked(paper: Mapping[str, str]) -> bool:
    return all(
        check_digit(paper[name]) == paper[f"{name}_check"].replace("<", "0") for name in ("birth", "expiry")
    )


def _card(paper: Mapping[str, str], own_number: str, today: date | None) -> Card:
    """Vietnamese papers hold the personal number beside their own; other countries' numbers are not of its kind."""
    is_vietnamese = paper["nationality"] == "VNM"
    beside = paper["optional"][:12] if is_vietnamese else ""
    number = beside if id_type(beside) is IdType.CITIZEN else own_number
    paper_type = id_type(number) if is_vietnamese else IdType.PASSPORT
    card = Card("identity_card", {"id_number": number, "id_type": paper_type.value})
    card.put_name(paper["name"].replace("<", " "))
    _put_birth(card, paper, read_personal_number(beside), today)
    if paper["sex"] in _SEX:
        card.fields["sex"] = _SEX[paper["sex"]].value
    card.put("nationality", paper["nationality"].rstrip("<"))
    year, month, day = _pairs(paper["expiry"])
    card.put_day("expires_on", f"20{year}-{month}-{day}")
    return card


def _put_birth(card: Card, paper: Mapping[str, str], said: PersonalNumber | None, today: date | None) -> None:
    """Two digits of the year: a personal number says the century; else the latest before today and the paper's end.

    Said where another century fits too. Fillers or zeros stand for a month or a day that is not known.
    """
    year, month, day = _pairs(paper["birth"].replace("<", "0") if paper["birth"][:2].isdigit() else "<<<<<<")
    if "<" in year:
        card.warnings.append("birth_date_unreadable")
        return
    is_said = said is not None and said.birth_year % 100 == int(year)
    is_of_this_century = year <= _latest_year(paper["expiry"]) and not _is_future(
        f"20{year}{month}{day}", today
    )
    whole = (
        str(said.birth_year) if said is not None and is_said else f"{20 if is_of_this_century else 19}{year}"
    )
    card.put_birth(f"{whole}-{month}-{day}")
    if is_of_this_century and not is_said:
        card.warnings.append("birth_century_assumed")


def _latest_year(expiry: str) -> str:
    """The last year, in two digits, in which the holder can be born; a paper without end is one of the old."""
    return "" if expiry[:2] in _WITHOUT_END else expiry[:2]


def _is_future(day: str, today: date | None) -> bool:
    return today is not None and day > today.strftime("%Y%m%d")


def _pairs(text: str) -> tuple[str, str, str]:
    return text[:2], text[2:4], text[4:]
