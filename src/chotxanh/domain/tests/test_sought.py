"""What is typed to find a person is taken for everything it can be, and for nothing else."""

from datetime import date

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.problems import Problem
from chotxanh.domain.sought import By, Term, read_sought

TODAY = date(2021, 7, 25)
CODE = new_code(CodeType.PERSON, b"0123456789abcdef")
CARD = "077085000123|271234567|Nguyễn Văn Đường|05031985|Nam|Ấp 3, Phú Mỹ|01052021"


def understood(text: str) -> list[tuple[By, str]]:
    return [(term.by, term.value) for term in read_sought(text, TODAY).terms]


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f"{CODE[:5]} {CODE[5:10]} {CODE[10:]}"])
def test_a_code_is_a_code_alone(typed: str) -> None:
    assert understood(typed) == [(By.CODE, CODE)]


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "+84 912 345 678", "84912345678", "(+84) 912.345.678", "ĐT: 0912345678"],
)
def test_a_phone_is_read_in_any_usual_writing(typed: str) -> None:
    assert understood(typed) == [(By.PHONE, "+84912345678")]


@pytest.mark.parametrize("typed", ["077085000123", "0770 8500 0123", "CCCD 077085000123"])
def test_twelve_digits_are_a_number_of_an_identity_card(typed: str) -> None:
    assert understood(typed) == [(By.NUMBER, "077085000123")]


def test_nine_digits_are_an_old_card_and_a_phone_without_its_zero_where_they_can_be() -> None:
    assert understood("271234567") == [(By.NUMBER, "271234567")]
    assert understood("912345678") == [(By.PHONE, "+84912345678"), (By.NUMBER, "912345678")]


def test_a_passport_is_no_plate() -> None:
    assert understood("B1234567") == [(By.NUMBER, "B1234567")]


@pytest.mark.parametrize("typed", ["72C-123.45", "72c12345", "72C 123.45", "biển số 72C-123.45"])
def test_a_plate_is_read_in_any_writing(typed: str) -> None:
    assert understood(typed) == [(By.PLATE, "72C12345")]


def test_tractor_and_trailer_are_two_plates_in_either_order() -> None:
    both = [(By.PLATE, "72C12345"), (By.PLATE, "72R00011")]
    assert understood("72C-123.45 / 72R-000.11") == understood("72R-000.11 / 72C-123.45") == both


def test_a_plate_that_nobody_knows_may_be_a_foreign_passport_too() -> None:
    assert understood("AB-1234X") == [(By.NUMBER, "AB1234X"), (By.PLATE, "AB1234X")]


def test_a_name_may_have_its_year_behind_it() -> None:
    assert understood("  Nguyễn  Văn A ") == [(By.NAME, "Nguyễn Văn A")]
    for typed in ("nguyen van a 1985", "nguyen van a, sinh năm 1985", "nguyen van a (1985)"):
        assert read_sought(typed, TODAY).terms == (Term(By.NAME, "nguyen van a", 1985),)


def test_a_card_is_looked_for_by_both_its_numbers_and_by_its_name_and_year() -> None:
    sought = read_sought(CARD, TODAY)
    assert sought.is_of_card
    assert sought.terms == (
        Term(By.NUMBER, "077085000123"),
        Term(By.OLD_NUMBER, "271234567"),
        Term(By.NAME, "Nguyễn Văn Đường", 1985),
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" , ", "sought_missing"),
        (f"{CODE[:-1]}0" if CODE[-1] != "0" else f"{CODE[:-1]}1", "person_code_invalid"),
        (CODE[:-1], "person_code_invalid"),
        (new_code(CodeType.TUBE, b"0123456789abcdef"), "sought_unreadable"),
        ("1234", "sought_unreadable"),
        ("01234567890", "phone_old_format"),
        ("O912345678", "phone_letter_for_digit"),
        ("https://chot.example/p/abc", "sought_unreadable"),
        ("??!", "name_letters_lost"),
        ("-", "name_missing"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(typed: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_sought(typed, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", ["9" * 600, "|" * 600, "A1" * 300, "\u0301" * 600, "72C-123.45/" * 50])
def test_long_rubbish_is_refused_or_read_and_never_breaks(typed: str) -> None:
    try:
        assert read_sought(typed, TODAY).terms
    except Problem:
        pass
