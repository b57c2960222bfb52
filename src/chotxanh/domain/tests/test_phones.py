"""Phone numbers: E.164 inside, Vietnamese grouping outside."""

import pytest

from chotxanh.domain.phones import parse_phone, show_phone
from chotxanh.domain.tests.refusal import refused_as


@pytest.mark.parametrize(
    "text", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678", "(+84)912-345-678"]
)
def test_one_mobile_number_has_one_form(text: str) -> None:
    assert parse_phone(text) == "+84912345678"
    assert show_phone(parse_phone(text)) == "0912 345 678"


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
