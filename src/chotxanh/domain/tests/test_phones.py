"""Phone numbers: E.164 inside, Vietnamese grouping outside."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chotxanh.domain.phones import REGION, parse_phone, show_phone
from chotxanh.domain.tests.refusal import refused_as


@pytest.mark.parametrize(
    "text", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678", "(+84)912-345-678"]
)
def test_one_mobile_number_has_one_form(text: str) -> None:
    assert parse_phone(text) == "+84912345678"
    assert show_phone(parse_phone(text)) == "0912 345 678"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "\u202d0912345678\u202c",
            "0912\u00ad345\u200b678",
            "\u2068+84 912 345 678\u2069",
            "０９１２３４５６７８",
        ),
        *(
            "0912\u00a0345\u202f678",
            "0912–345–678",
            "tel:0912345678",
            "TEL:+84912345678",
            "SĐT: 0912 345 678",
        ),
    ],
)
def test_e4_a_number_is_read_without_what_nobody_sees(text: str) -> None:
    assert parse_phone(text) == "+84912345678"


@pytest.mark.parametrize(
    "text", ["+84 (0)912 345 678", "+84(0)912345678", "0084912345678", "+840912345678", "912345678"]
)
def test_every_way_to_dial_a_number_is_read(text: str) -> None:
    assert parse_phone(text) == "+84912345678"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+66 81 234 5678", "+66812345678"),
        ("0066812345678", "+66812345678"),
        ("+856 20 55 123 456", "+8562055123456"),
        ("+855 12 345 678", "+85512345678"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0254 3852 123", "+842543852123"),
    ],
)
def test_numbers_of_the_neighbours_and_landlines_are_read(text: str, number: str) -> None:
    assert parse_phone(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1628998838", "phone_old_format"),
        ("0084 1628 998 838", "phone_old_format"),
        ("O912345678", "phone_letter_for_digit"),
        ("09l2345678", "phone_letter_for_digit"),
        ("0912345678 / 0987654321", "phone_several"),
        ("0912345678, 0987 654 321", "phone_several"),
        ("0912345678 hoặc 0987654321", "phone_several"),
        ("0912345678 0987654321", "phone_several"),
    ],
)
def test_e11_a_number_is_refused_for_its_true_reason(text: str, code: str) -> None:
    assert refused_as(lambda: parse_phone(text)) == code


def test_landlines_and_foreign_numbers_are_kept() -> None:
    assert show_phone(parse_phone("0254 3852 123")) == "0254 3852 123"
    assert show_phone(parse_phone("+1 202 555 0123")) == "+1 202-555-0123"


def test_what_is_no_number_is_shown_as_it_is() -> None:
    assert show_phone("") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_missing"),
        ("01686123456", "phone_old_format"),
        ("+84 1686 123 456", "phone_old_format"),
        ("0912", "phone_invalid"),
        ("09123456789012", "phone_invalid"),
        ("0912 ABC DEF", "phone_invalid"),
        ("0012345678", "phone_invalid"),
        ("+99912345678", "phone_invalid"),
        ("(((((((", "phone_invalid"),
        ("0" * 100_000, "phone_invalid"),
    ],
)
def test_unusable_numbers_are_refused(text: str, code: str) -> None:
    assert refused_as(lambda: parse_phone(text)) == code


@given(st.from_regex(r"(?:0|\+84)[1-9][0-9]{8}", fullmatch=True))
def test_a_mobile_number_is_read_as_the_library_reads_it(typed: str) -> None:
    number = phonenumbers.parse(typed, REGION)
    if phonenumbers.is_valid_number(number):
        assert parse_phone(typed) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    else:
        assert refused_as(lambda: parse_phone(typed)) == "phone_invalid"
