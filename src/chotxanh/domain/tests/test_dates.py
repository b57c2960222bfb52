"""Dates of birth: precision kept, nothing guessed."""

from datetime import date

import pytest

from chotxanh.domain.dates import BirthDate, BirthPrecision, parse_birth, show_birth
from chotxanh.domain.tests.refusal import refused_as

TODAY = date(2021, 7, 25)


@pytest.mark.parametrize(
    "text", ["05/03/1990", "5/3/1990", "05031990", "05-03-1990", "5.3.1990", " 1990-03-05 "]
)
def test_the_day_comes_first(text: str) -> None:
    birth = parse_birth(text, today=TODAY)
    assert (birth.date, birth.year, birth.precision) == (date(1990, 3, 5), 1990, BirthPrecision.DAY)
    assert (birth.iso(), show_birth(birth)) == ("1990-03-05", "05/03/1990")


def test_a_year_alone_keeps_its_precision() -> None:
    birth = parse_birth("1956", today=TODAY)
    assert birth == BirthDate(None, 1956)
    assert (birth.precision, birth.iso(), show_birth(birth)) == (BirthPrecision.YEAR, "1956", "1956")


def test_the_first_of_january_is_an_uncertain_day() -> None:
    assert parse_birth("01/01/1956", today=TODAY).is_day_uncertain
    assert not parse_birth("02/01/1956", today=TODAY).is_day_uncertain


def test_someone_born_today_is_accepted() -> None:
    assert parse_birth("25/07/2021", today=TODAY).date == TODAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "birth_date_missing"),
        ("90", "birth_year_two_digits"),
        ("5/3/90", "birth_year_two_digits"),
        ("050390", "birth_year_two_digits"),
        ("03/25/1990", "birth_date_month_first"),
        ("12311990", "birth_date_month_first"),
        ("31/02/1990", "birth_date_invalid"),
        ("29/02/2021", "birth_date_invalid"),
        ("00/00/1990", "birth_date_invalid"),
        ("1890", "birth_date_invalid"),
        ("0000", "birth_date_invalid"),
        ("0000-01-01", "birth_date_invalid"),
        ("hôm qua", "birth_date_invalid"),
        ("١٩٩٠", "birth_date_invalid"),
        ("1" * 100_000, "birth_date_invalid"),
        ("26/07/2021", "birth_date_future"),
        ("2022", "birth_date_future"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_guessed(text: str, code: str) -> None:
    assert refused_as(lambda: parse_birth(text, today=TODAY)) == code
