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
    ("text", "code"),
    [
        (" ", "id_number_missing"),
        ("1234567890", "id_number_invalid"),
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
