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


@pytest.mark.parametrize(
    "text",
    [
        *("05 / 03 / 1990", "5 / 3 / 1990", "5 - 3 - 1990", "5 . 3 . 1990", "05 03 1990"),
        *("1990/03/05", "1990-3-5", "1990/3/5", "1990.3.5", "1990 / 03 / 05", "19900305"),
        *("ngày 5 tháng 3 năm 1990", "Sinh ngày 05/03/1990", "NS: 5/3/1990", "05/03/1990."),
        *("1990-03-05T00:00:00Z", "05/03/1990 00:00", "05/03/1990 12:00:00 AM"),
    ],
)
def test_e11_blanks_beside_a_sign_and_the_year_first_are_read(text: str) -> None:
    assert parse_birth(text, today=TODAY).date == date(1990, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("\u202d05/03/1990\u202c", "05\u200b/03/1990", "05/\u00ad03/1990", "\u206805/03/1990\u2069"),
        *("05\u00a0/\u00a003\u00a0/\u00a01990", "０５／０３／１９９０", "05–03–1990", "\ufeff05/03/1990"),
    ],
)
def test_e4_a_date_is_read_without_what_nobody_sees(text: str) -> None:
    assert parse_birth(text, today=TODAY).date == date(1990, 3, 5)


@pytest.mark.parametrize("text", ["1956", "năm 1956", "Sinh năm 1956", "１９５６", " 1956\u200b"])
def test_a_year_is_read_as_people_write_it(text: str) -> None:
    assert parse_birth(text, today=TODAY) == BirthDate(None, 1956)


def test_no_eight_digits_are_a_date_in_two_ways() -> None:
    assert parse_birth("20021205", today=TODAY).date == date(2002, 12, 5)
    assert parse_birth("20122002", today=TODAY).date == date(2002, 12, 20)


def test_a_year_alone_keeps_its_precision() -> None:
    birth = parse_birth("1956", today=TODAY)
    assert birth == BirthDate(None, 1956)
    assert (birth.precision, birth.iso(), show_birth(birth)) == (BirthPrecision.YEAR, "1956", "1956")


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
        ("00/00/1990", "birth_date_day_missing"),
        ("00/03/1990", "birth_date_day_missing"),
        ("xx/xx/1990", "birth_date_day_missing"),
        ("1990-00-00", "birth_date_day_missing"),
        ("03-1990", "birth_date_day_missing"),
        ("3/1990", "birth_date_day_missing"),
        ("tháng 3 năm 1990", "birth_date_day_missing"),
        ("1890", "birth_date_invalid"),
        ("0000", "birth_date_invalid"),
        ("0000-01-01", "birth_date_invalid"),
        ("1990-25-03", "birth_date_month_first"),
        ("05 . 03 . 90", "birth_year_two_digits"),
        ("hôm qua", "birth_date_unreadable"),
        ("5 March 1990", "birth_date_unreadable"),
        ("19900", "birth_date_unreadable"),
        ("١٩٩٠", "birth_date_unreadable"),
        ("1" * 100_000, "birth_date_unreadable"),
        ("26/07/2021", "birth_date_future"),
        ("2022", "birth_date_future"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_guessed(text: str, code: str) -> None:
    assert refused_as(lambda: parse_birth(text, today=TODAY)) == code
