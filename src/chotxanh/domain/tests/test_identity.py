"""Numbers of identity papers: kinds and cross-checks that warn."""

import pytest

from chotxanh.domain.identity import IdType, Sex, cross_checks, parse_id_number, read_personal_number
from chotxanh.domain.tests.refusal import refused_as


@pytest.mark.parametrize(
    ("text", "id_type", "value"),
    [
        ("077090000123", IdType.CITIZEN, "077090000123"),
        ("077 090 000 123", IdType.CITIZEN, "077090000123"),
        ("273123456", IdType.OLD_CARD, "273123456"),
        ("b1234567", IdType.PASSPORT, "B1234567"),
        ("12345678", IdType.PASSPORT, "12345678"),
    ],
)
def test_numbers_are_told_apart_by_their_form(text: str, id_type: IdType, value: str) -> None:
    number = parse_id_number(text)
    assert (number.type, number.value) == (id_type, value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "\u202d077090000123\u202c",
            "077\u00ad090\u200b000123",
            "０７７０９００００１２３",
            "077\u00a0090 000–123",
        ),
        *("CCCD 077090000123", "Số CCCD: 077090000123", "cccd077090000123"),
    ],
)
def test_e4_a_number_is_read_without_what_nobody_sees(text: str) -> None:
    assert parse_id_number(text).value == "077090000123"


@pytest.mark.parametrize(
    "text",
    [
        *("O77090000123", "077090000l23", "o7709oooo123", "0770900001Z3", "07709000O1I3", "B77090000123"),
        *("B123456O", "B12345l7", "PA12345I7", "27312345O", "O73123456", "273l23456", "l73123456"),
    ],
)
def test_e10_a_letter_where_a_card_has_a_digit_is_asked_about(text: str) -> None:
    assert refused_as(lambda: parse_id_number(text)) == "id_number_letter_for_digit"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "B1234567",
            "C1234567",
            "P1234567",
            "N01234567",
            "PA0123456",
            "M12345678",
            "E12345678",
            "EA1234567",
        ),
        *("TK1234567", "L12345678", "I12345678", "15AV12345", "C01X00T47", "L01X00T47"),
    ],
)
def test_the_letters_of_passports_are_theirs(text: str) -> None:
    number = parse_id_number(text)
    assert (number.type, number.value) == (IdType.PASSPORT, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DN4797915071234", "id_number_insurance"),
        ("hc 4 79 7915071234", "id_number_insurance"),
        ("7915071234", "id_number_insurance"),
        ("0912345678", "id_number_phone"),
        ("+84 912 345 678", "id_number_phone"),
        ("PR3VFLL1XKQV6S5", "id_number_own_code"),
    ],
)
def test_e10_another_number_is_refused_by_its_true_name(text: str, code: str) -> None:
    assert refused_as(lambda: parse_id_number(text)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "id_number_missing"),
        ("12345678901", "id_number_invalid"),
        ("0770900001234", "id_number_invalid"),
        ("ABCDEFGH", "id_number_invalid"),
        ("B12|4567", "id_number_invalid"),
        ("٠٧٧٠٩٠٠٠٠١٢٣", "id_number_invalid"),
        ("1" * 100_000, "id_number_invalid"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    assert refused_as(lambda: parse_id_number(text)) == code


@pytest.mark.parametrize(
    ("id_number", "sex", "birth_year"),
    [
        ("077090000123", Sex.MALE, 1990),
        ("077190000123", Sex.FEMALE, 1990),
        ("079305000123", Sex.FEMALE, 2005),
    ],
)
def test_a_personal_number_tells_sex_and_birth_year(id_number: str, sex: Sex, birth_year: int) -> None:
    said = read_personal_number(id_number)
    assert said is not None
    assert (said.sex, said.birth_year) == (sex, birth_year)


def test_disagreement_only_warns() -> None:
    assert cross_checks("077090000123", sex="male", birth_year=1990) == ()
    assert cross_checks("077090000123", sex="female", birth_year=1991) == (
        "id_and_sex_disagree",
        "id_and_birth_year_disagree",
    )
    assert cross_checks("077090000123", sex="other") == ()
    assert cross_checks("003090000123") == ("id_province_unknown",)
    assert cross_checks("273123456", sex="female", birth_year=1900) == ()


def test_people_born_abroad_have_country_prefixes() -> None:
    assert cross_checks("101090000123") == ()
