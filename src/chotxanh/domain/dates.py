"""Dates of birth as people know them: day and month may be missing, and are never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem

OLDEST_AGE_YEARS = 125
LONGEST_TYPED = 200

_PART = "[0-9]{1,2}"
_UNKNOWN = "(?:00?|[?*_xX]{1,2}|--)"  # how papers and people leave a day or a month open
_BETWEEN = r" ?[/.\- ] ?"
_DAY_FIRST = re.compile(rf"({_PART}){_BETWEEN}({_PART}){_BETWEEN}([0-9]{{4}})")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_BETWEEN}({_PART}){_BETWEEN}({_PART})")
_IN_WORDS = re.compile(rf"(?:ngày )?({_PART}) tháng ({_PART}) năm ([0-9]{{4}})")
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_COMPACT_YEAR_FIRST = re.compile(r"((?:19|20)[0-9]{2})(0[0-9]|1[0-2])([0-3][0-9])")
_YEAR = re.compile(r"(?:năm )?([0-9]{4})")
_TWO_DIGIT_YEAR = re.compile(rf"(?:{_PART}{_BETWEEN}{_PART}{_BETWEEN})?[0-9]{{2}}|[0-9]{{6}}")
# A month and a year, or a date with an open day or month.
_WITHOUT_DAY = re.compile(
    rf"{_PART}{_BETWEEN}[0-9]{{4}}|[0-9]{{4}}{_BETWEEN}{_PART}|(?:tháng )?{_PART} năm [0-9]{{4}}|0000[0-9]{{4}}"
    rf"|(?:{_UNKNOWN}{_BETWEEN}(?:{_UNKNOWN}|{_PART})|{_PART}{_BETWEEN}{_UNKNOWN}){_BETWEEN}[0-9]{{4}}"
    rf"|[0-9]{{4}}{_BETWEEN}(?:{_UNKNOWN}{_BETWEEN}(?:{_UNKNOWN}|{_PART})|{_PART}{_BETWEEN}{_UNKNOWN})"
)
_BEFORE = re.compile(r"^(?:sinh|ngày sinh|năm sinh|ns)(?: ngày(?= [0-9])| năm(?= [0-9]))? ?:? ?(?=[0-9n])")
_MIDNIGHT = re.compile(
    r"(?:[ t]0?0:00(?::00)?(?:\.0+)?z?| 12:00(?::00)? am)$"
)  # spreadsheets write dates as times


class BirthPrecision(StrEnum):
    """Whether the day of birth is known or only the year."""

    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True)
class BirthDate:
    """A date of birth; `date` is None when only the year is known."""

    date: date | None
    year: int

    @property
    def precision(self) -> BirthPrecision:
        """`day` when the whole date is known."""
        return BirthPrecision.YEAR if self.date is None else BirthPrecision.DAY

    def iso(self) -> str:
        """`YYYY-MM-DD`, or `YYYY` when only the year is known (eu-dcc-schema allows both)."""
        return f"{self.year:04d}" if self.date is None else self.date.isoformat()


def parse_birth(text: str, *, today: date) -> BirthDate:
    """The date in `dd/mm/yyyy`, `ddmmyyyy`, `yyyy-mm-dd`, `yyyymmdd`, in words, or the year alone.

    Between the numbers stand `/`, `.`, `-` or blanks, blanks also beside a sign; zeros in front may be missing.
    Problems: `birth_date_missing`, `birth_year_two_digits` (refused rather than guessed), `birth_date_month_first`
    (mm/dd), `birth_date_day_missing` (a month and a year), `birth_date_unreadable`, `birth_date_invalid`,
    `birth_date_future`.
    """
    typed = unicodedata.normalize("NFC", plain(text[:LONGEST_TYPED])).lower().strip(" .,;")
    if not typed:
        raise Problem("birth_date_missing")
    typed = _MIDNIGHT.sub("", _BEFORE.sub("", typed, count=1))
    if year := _YEAR.fullmatch(typed):
        return _plausible(BirthDate(None, int(year[1])), today)
    if _WITHOUT_DAY.fullmatch(typed):
        raise Problem("birth_date_day_missing")
    if numbers := _numbers(typed):
        return _plausible(_birth_date(*numbers), today)
    raise Problem("birth_year_two_digits" if _TWO_DIGIT_YEAR.fullmatch(typed) else "birth_date_unreadable")


def _numbers(typed: str) -> tuple[int, int, int] | None:
    """Day, month and year as written; no text is a date in two ways, for there is no year 1205."""
    if found := _COMPACT_YEAR_FIRST.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed):
        year, month, day = map(int, found.groups())
        return day, month, year
    if found := _DAY_FIRST.fullmatch(typed) or _COMPACT.fullmatch(typed) or _IN_WORDS.fullmatch(typed):
        day, month, year = map(int, found.groups())
        return day, month, year
    return None


def _birth_date(day: int, month: int, year: int) -> BirthDate:
    try:
        return BirthDate(date(year, month, day), year)
    except ValueError:
        is_month_first = 1 <= day <= 12 < month <= 31
        raise Problem("birth_date_month_first" if is_month_first else "birth_date_invalid") from None


def _plausible(birth: BirthDate, today: date) -> BirthDate:
    if birth.year > today.year or (birth.date is not None and birth.date > today):
        raise Problem("birth_date_future")
    if birth.year < today.year - OLDEST_AGE_YEARS:
        raise Problem("birth_date_invalid")
    return birth


def show_birth(birth: BirthDate) -> str:
    """`dd/mm/yyyy`, or the year alone."""
    return str(birth.year) if birth.date is None else f"{birth.date:%d/%m/%Y}"
