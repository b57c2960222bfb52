"""Numbers of identity papers and what a 12-digit personal number says about its holder.

Circular 59/2021/TT-BCA, article 4: three digits for the place of birth registration, one for century and sex,
two for the year of birth, six at random. There is no check digit, so disagreement only warns.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from chotxanh.domain.codes import parse_code
from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem
from chotxanh.domain.units import PROVINCE_BY_ID_PREFIX

FIRST_FOREIGN_PREFIX = 101  # 101 and above: born in another country

_PERSONAL_NUMBER = re.compile(r"[0-9]{12}")
_OLD_ID_NUMBER = re.compile(r"[0-9]{9}")
_PASSPORT = re.compile(r"(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,15}")
# After their first letters passports have digits only, or letters that are not mistaken for them.
_LETTER_AMONG_DIGITS = re.compile("^[A-Za-z]{1,2}[0-9]+([OoIl])[0-9OoIl]*$")
_TOO_MANY_DIGITS = re.compile("[0-9]{11}|^[0-9]{10}")
_SEPARATORS = re.compile("[ .\\-]")
# What a number is called, where it is written before it.
_BEFORE = re.compile(
    r"(?:số |so )?(?:cccd|cmnd|cmtnd|cmt|căn cước(?: công dân)?|chứng minh(?: nhân dân)?|hộ chiếu|passport|id(?=[ :])"
    r"|hc(?=[ :]+[a-z]))(?: số| no)?[ :.#]*(?=[a-z]{0,2}[0-9])",
    re.IGNORECASE,
)
_INSURANCE = re.compile("[A-Z]{2}[0-9]{13}")
_SOCIAL_INSURANCE = re.compile("[0-9]{10}")  # the same without the letters and digits of group and place
_PHONE = re.compile("0[35789][0-9]{8}|(?:[+]|00)?84[35789][0-9]{8}")
_DIGIT_OF_LETTER = {
    **dict.fromkeys("OoQDU", "0"), **dict.fromkeys("IilL|", "1"), "S": "5", "B": "8", "Z": "2", "z": "2", "G": "6",
}  # fmt: skip
LONGEST_TYPED = 200


class IdType(StrEnum):
    """The paper a number is of; some 12-digit numbers stand on the last of the old cards."""

    CITIZEN = "cccd"
    OLD_CARD = "cmnd"
    PASSPORT = "passport"


class Sex(StrEnum):
    """Sex as identity papers and declarations give it."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


@dataclass(frozen=True)
class IdNumber:
    """A number of an identity paper in upper case without separators."""

    type: IdType
    value: str


@dataclass(frozen=True)
class PersonalNumber:
    """What the first six of twelve digits say."""

    prefix: str
    sex: Sex
    birth_year: int

    @property
    def is_prefix_known(self) -> bool:
        """Whether the prefix is a province of 2021 or may be a country."""
        return self.prefix in PROVINCE_BY_ID_PREFIX or int(self.prefix) >= FIRST_FOREIGN_PREFIX


def parse_id_number(text: str) -> IdNumber:
    """The number of a citizen card (12 digits), an old card (9 digits) or a passport.

    Problems: `id_number_missing`, `id_number_invalid`, `id_number_letter_for_digit` (O for 0, l for 1: asked, for a
    number is never guessed), `id_number_insurance`, `id_number_phone`, `id_number_own_code`.
    """
    typed = plain(text[:LONGEST_TYPED])
    typed = (typed[found.end() :] if (found := _BEFORE.match(typed)) else typed).strip(" ,;")
    written = _SEPARATORS.sub("", typed)
    value = written.upper()
    if not value:
        raise Problem("id_number_missing")
    _refuse_other_numbers(value)
    _ask_about_letters(written)
    paper = id_type(value)
    if paper is IdType.PASSPORT and (_TOO_MANY_DIGITS.search(value) or not _PASSPORT.fullmatch(value)):
        raise Problem("id_number_invalid")
    return IdNumber(paper, value)


def _refuse_other_numbers(value: str) -> None:
    """Call a number that is known to be another by its true name."""
    if _INSURANCE.fullmatch(value):
        raise Problem("id_number_insurance")
    if _PHONE.fullmatch(value):
        raise Problem("id_number_phone")
    if _SOCIAL_INSURANCE.fullmatch(value):
        raise Problem("id_number_insurance")
    if parse_code(value) is not None:
        raise Problem("id_number_own_code")


def _ask_about_letters(written: str) -> None:
    """Ask about a letter that stands where only a digit can, rather than take a card's number for a passport's."""
    doubtful = _letters_in_number_of_card(written) or _LETTER_AMONG_DIGITS.findall(written)
    if doubtful:
        raise Problem("id_number_letter_for_digit", letter=doubtful[0], digit=_DIGIT_OF_LETTER[doubtful[0]])


def _letters_in_number_of_card(written: str) -> list[str]:
    """The letters, where all but a few are digits, and with the digits they look like it were a card's number.

    A passport of nine begins with a letter, so there a first letter is asked about only where no passport has it.
    """
    letters = [letter for letter in written if letter in _DIGIT_OF_LETTER]
    digits = "".join(_DIGIT_OF_LETTER.get(letter, letter) for letter in written)
    is_of_card = id_type(digits) is not IdType.PASSPORT and 2 * len(letters) <= len(written)
    is_passport = len(written) == 9 and written[1:].isdigit() and written[0] not in "Ool"
    return letters if is_of_card and not is_passport else []


def id_type(value: str) -> IdType:
    """The paper a scanned number is of; whatever is neither 12 nor 9 digits counts as a passport's."""
    if _PERSONAL_NUMBER.fullmatch(value):
        return IdType.CITIZEN
    return IdType.OLD_CARD if _OLD_ID_NUMBER.fullmatch(value) else IdType.PASSPORT


def read_personal_number(id_number: str) -> PersonalNumber | None:
    """What a 12-digit number says; None for any other text."""
    if not _PERSONAL_NUMBER.fullmatch(id_number):
        return None
    century_and_sex = int(id_number[3])
    birth_year = 1900 + 100 * (century_and_sex // 2) + int(id_number[4:6])
    return PersonalNumber(id_number[:3], Sex.FEMALE if century_and_sex % 2 else Sex.MALE, birth_year)


def cross_checks(id_number: str, *, sex: str | None = None, birth_year: int | None = None) -> tuple[str, ...]:
    """Warnings where a 12-digit number disagrees with what else is known; corrected papers are real.

    Codes: `id_and_sex_disagree`, `id_and_birth_year_disagree`, `id_province_unknown`.
    """
    said = read_personal_number(id_number)
    if said is None:
        return ()
    warnings = []
    if sex in (Sex.MALE, Sex.FEMALE) and sex != said.sex:
        warnings.append("id_and_sex_disagree")
    if birth_year is not None and birth_year != said.birth_year:
        warnings.append("id_and_birth_year_disagree")
    if not said.is_prefix_known:
        warnings.append("id_province_unknown")
    return tuple(warnings)
