"""Every field of the declaration: what is accepted, and which mistake is named for what is not."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from chotxanh.declarations.forms import DeclarationForm, warnings_of
from chotxanh.declarations.submission import Declaration
from chotxanh.declarations.tests.typed import DRIVER
from chotxanh.units.places import named

TODAY = date(2021, 7, 25)
HCM_TO_BRVT = ["nso-2021:79", "nso-2021:77"]


def form_of(**changed: Any) -> DeclarationForm:
    post = QueryDict(mutable=True)
    for name, value in (DRIVER | changed).items():
        post.setlist(name, value if isinstance(value, list) else [value])
    return DeclarationForm(post, today=TODAY)


def accepted(**changed: Any) -> Declaration:
    form = form_of(**changed)
    assert form.is_valid(), form.codes
    return form.declaration("vi")


def mistakes(**changed: Any) -> dict[str, str]:
    return form_of(**changed).codes


def test_a_whole_form_becomes_a_declaration() -> None:
    declaration = accepted()
    assert declaration.phone == "+84912345678"
    assert [named(each.unit) for each in (declaration.origin, declaration.destination)] == HCM_TO_BRVT
    assert declaration.origin.words == "TP HCM"
    assert declaration.id_number is None
    assert not any(declaration.answers.values())
    assert len(declaration.answers) == 12


def test_an_empty_form_names_every_field_in_the_order_of_the_page() -> None:
    assert list(DeclarationForm(QueryDict(), today=TODAY).codes) == [
        *("full_name", "birth", "sex", "phone", "category", "vehicle_class"),
        *("direction", "origin", "destination", "symptoms", "exposures"),
    ]


def test_a_name_typed_in_decomposed_letters_is_composed() -> None:
    assert accepted(full_name=unicodedata.normalize("NFD", "Đỗ Thị Ửng")).full_name == "Đỗ Thị Ửng"


def test_a_name_of_an_old_character_set_is_refused() -> None:
    assert mistakes(full_name="NguyÔn V¨n §­êng") == {"full_name": "name_legacy_encoding"}


@pytest.mark.parametrize("typed", ["05/03/1985", "05031985", "5-3-1985", "1985-03-05"])
def test_a_birth_date_is_read_day_first(typed: str) -> None:
    assert accepted(birth=typed).birth.date == date(1985, 3, 5)


def test_a_year_of_birth_alone_is_enough() -> None:
    birth = accepted(birth="1985").birth
    assert (birth.year, birth.date) == (1985, None)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("birth", "31/02/1985", "birth_date_invalid"),
        ("birth", "03/25/1985", "birth_date_month_first"),
        ("birth", "85", "birth_year_two_digits"),
        ("birth", "2030", "birth_date_future"),
        ("phone", "12345", "phone_invalid"),
        ("phone", "01651234567", "phone_old_format"),
        ("id_number", "123", "id_number_invalid"),
        ("sex", "x", "sex_missing"),
        ("category", "", "category_missing"),
        ("origin", "", "origin_missing"),
        ("destination", "phu my", "place_unclear"),
        ("destination", "xyzzy", "place_unknown"),
        ("plate", "", "plate_missing"),
        ("plate", "72C-123.45 / 72R-001.23 / 72R-001.24", "plate_too_many"),
        ("plate", "9" * 41, "plate_too_long"),
        ("full_name", "x" * 201, "field_too_long"),
        ("full_name", "Nguyễn\0Văn", "field_too_long"),
        ("symptoms", [], "symptoms_missing"),
        ("symptoms", ["fever", "none"], "symptoms_contradict"),
        ("exposures", ["unknown"], "exposures_missing"),
    ],
)
def test_a_mistake_is_named_beside_its_field(field: str, typed: str | list[str], code: str) -> None:
    assert mistakes(**{field: typed}) == {field: code}


def test_someone_on_foot_has_no_plate() -> None:
    assert accepted(vehicle_class="none", plate="").plate is None
    assert mistakes(vehicle_class="none") == {"plate": "plate_without_vehicle"}


def test_a_ticked_sign_is_a_yes_and_the_others_are_no() -> None:
    answers = accepted(symptoms=["fever", "cough"]).answers
    assert [question for question, is_yes in answers.items() if is_yes] == ["fever", "cough"]


def test_what_looks_unusual_warns_and_stops_nobody() -> None:
    declaration = accepted(id_number="077190000123", plate="XX-1")
    assert warnings_of(declaration) == (
        "id_and_sex_disagree",
        "id_and_birth_year_disagree",
        "plate_unrecognised",
    )


def test_control_characters_never_reach_the_plate() -> None:
    assert accepted(plate="72C\t-123.45\x07").plate == "72C -123.45"


def test_e11_the_plates_of_tractor_and_trailer_are_kept() -> None:
    declaration = accepted(plate="72C-123.45 / 72R-001.23")
    assert declaration.plate == "72C-123.45 / 72R-001.23"
    assert warnings_of(declaration) == ()
    assert warnings_of(accepted(plate="72C-123.45 / 13R-001.23")) == ("plate_unrecognised",)
