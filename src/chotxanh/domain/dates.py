"""Dates of birth as people know them: day and month may be missing, and are never guessed."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chotxanh.domain.problems import Problem

OLDEST_AGE_YEARS = 125

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_TWO_DIGIT_YEAR = re.compile(r"(?:[0-9]{1,2}[/.\- ][0-9]{1,2}[/.\- ])?[0-9]{2}|[0-9]{6}")


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

    @property
    def is_day_uncertain(self) -> bool:
        """01/01 is what is written when papers lack the day and month: never take it as exact."""
        return self.date is None or (self.date.day, self.date.month) == (1, 1)

    def iso(self) -> str:
        """`YYYY-MM-DD`, or `YYYY` when only the year is known (eu-dcc-schema allows both)."""
        return f"{self.year:04d}" if self.date is None else self.date.isoformat()


def parse_birth(text: str, *, today: date) -> BirthDate:
    """The date in `dd/mm/yyyy`, `ddmmyyyy`, `yyyy-mm-dd` or `yyyy`.

    Problems: `birth_date_missing`, `birth_year_two_digits` (refused rather than guessed),
    `birth_date_month_first` (mm/dd), `birth_date_invalid`, `birth_date_future`.
    """
    typed = text.strip()[:40]
    if not typed:
        raise Problem("birth_date_missing")
    if _YEAR.fullmatch(typed):
        return _plausible(BirthDate(None, int(typed)), today)
    if found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
        return _plausible(_birth_date(day, month, year), today)
    if found := _DAY_FIRST.fullmatch(typed) or _COMPACT.fullmatch(typed):
        day, month, year = map(int, found.groups())
        return _plausible(_birth_date(day, month, year), today)
    raise Problem("birth_year_two_digits" if _TWO_DIGIT_YEAR.fullmatch(typed) else "birth_date_invalid")


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
