"""What is typed or scanned to find a person by: a code, a name, a phone, a number of a paper, a plate, or a whole card.

Nothing is guessed: a text that can be two things is looked for as both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chotxanh.domain.identity import IdType, id_type, parse_id_number
from chotxanh.domain.names import parse_name
from chotxanh.domain.phones import parse_phone
from chotxanh.domain.plain import plain
from chotxanh.domain.plates import is_known, read_plates
from chotxanh.domain.problems import Problem
from chotxanh.domain.scan import Scan, recognise

LONGEST_SOUGHT = 600  # the longest of the cards' codes

_CARDS = frozenset({"identity_card", "national_qr", "insurance_card"})
# What is none of these, and has a kind of its own, is of something else: a tube, a slip, a paper.
_MAY_BE_TYPED = frozenset({"unknown", "plate", "tube_barcode"})
_LETTER = re.compile(r"[^\W0-9_]")
_DAMAGED_CODE = re.compile("P[0-9A-Z]{12,15}")
_NAME_AND_YEAR = re.compile(r"([^0-9]+?)[ ,(]+((?:19|20)[0-9]{2})\)?")
_YEAR_WORDS = re.compile(r"[ ,]+(?:sn|ns|sinh(?: năm)?|năm sinh)[ :]*$", re.IGNORECASE)
_PASSPORT_OF_MANY = re.compile("[A-Z]{1,2}[0-9]{6,8}")
# Sentences that say how to mend the text are worth more than that it could not be read.
_TELLING = frozenset(
    {"phone_letter_for_digit", "phone_old_format", "phone_several", "id_number_letter_for_digit"}
)

Read = TypeVar("Read")


class By(StrEnum):
    """What somebody is found by."""

    CODE = "code"
    NUMBER = "number"
    OLD_NUMBER = "old_number"  # the number of the old card that a new one tells
    PHONE = "phone"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True)
class Term:
    """One thing that people are found by, in its normal form; `birth_year` narrows a name that a card told."""

    by: By
    value: str
    birth_year: int | None = None


@dataclass(frozen=True)
class Sought:
    """What a text was understood as; `is_of_card` where it is what a paper's code says."""

    terms: tuple[Term, ...]
    is_of_card: bool = False


def read_sought(text: str, today: date) -> Sought:
    """What to look for. `today` is for papers that write the year of birth in two digits.

    Problems: `sought_missing`, `sought_unreadable`, `person_code_invalid` (a code with a slip), and those of names and
    numbers that say how to mend them.
    """
    typed = plain(text[:LONGEST_SOUGHT]).strip(" ,;")
    if not typed:
        raise Problem("sought_missing")
    scan = recognise(text.strip(), today=today)
    if scan.kind == "person_code":
        return Sought((Term(By.CODE, str(scan.fields["code"])),))
    if scan.kind in _CARDS:
        return _of_card(scan)
    if scan.kind not in _MAY_BE_TYPED:
        raise Problem("sought_unreadable")
    if named := _NAME_AND_YEAR.fullmatch(typed):
        name = _YEAR_WORDS.sub("", named[1])
        return Sought((Term(By.NAME, parse_name(name), int(named[2])),))
    if not re.search("[0-9]", typed):
        return Sought((Term(By.NAME, parse_name(typed)),))
    return Sought(_numbers(typed))


def _of_card(scan: Scan) -> Sought:
    """The numbers that the card tells, and its name with the year: whoever declared without a number has these."""
    read = scan.fields
    terms = [
        Term(by, str(read[name]))
        for by, name in ((By.NUMBER, "id_number"), (By.OLD_NUMBER, "old_id_number"), (By.PHONE, "phone"))
        if read.get(name)
    ]
    name, year = read.get("full_name"), read.get("birth_year")
    if name and isinstance(year, int) and "name_unreadable" not in scan.warnings:
        terms.append(Term(By.NAME, str(name), year))
    if not terms:
        raise Problem("sought_unreadable")
    return Sought(tuple(terms), is_of_card=True)


def _numbers(typed: str) -> tuple[Term, ...]:
    """Everything that a text with digits can be. Raises Problem likewise."""
    if _DAMAGED_CODE.fullmatch(re.sub("[ -]", "", typed).upper()):
        raise Problem("person_code_invalid")
    troubles: list[Problem] = []
    phone = _tried(parse_phone, typed, troubles)
    number = _tried(lambda text: parse_id_number(text).value, typed, troubles)
    plates = _tried(read_plates, typed, troubles)
    numbers = plates.numbers if plates else ()
    is_plate = any(map(is_known, numbers))
    telling = next((each for each in troubles if each.code in _TELLING), None)
    terms = [Term(By.PHONE, phone)] if phone else []
    if number and (_is_ordinary(number) or not (is_plate or telling)):
        terms.append(Term(By.NUMBER, number))
    may_be_plate = not phone and not telling and not (number and _is_ordinary(number))
    if is_plate or (may_be_plate and _LETTER.search(typed)):
        terms += [Term(By.PLATE, plate) for plate in numbers]
    if not terms:
        raise telling or Problem("sought_unreadable")
    return tuple(terms)


def _is_ordinary(number: str) -> bool:
    """Say whether most papers have such a number; any other is perhaps a plate that nobody knows."""
    return id_type(number) is not IdType.PASSPORT or _PASSPORT_OF_MANY.fullmatch(number) is not None


def _tried(read: Callable[[str], Read], typed: str, troubles: list[Problem]) -> Read | None:
    try:
        return read(typed)
    except Problem as problem:
        troubles.append(problem)
        return None
