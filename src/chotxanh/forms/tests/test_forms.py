"""The base of forms: what was typed is kept, every mistake is named, and the words are ours in both languages."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from chotxanh.domain.problems import Problem
from chotxanh.forms.choices import Boxes, Choice, Select, Tick
from chotxanh.forms.fields import Day, Hidden, LongText, Moment, Number, Secret, Text
from chotxanh.forms.form import Form
from chotxanh.forms.options import Option, OptionGroup
from chotxanh.language.texts import use_language


def provinces() -> list[OptionGroup]:
    return [OptionGroup("Gần đây", (Option("77", "Bà Rịa - Vũng Tàu"), Option("79", "TP. Hồ Chí Minh")))]


class Everything(Form):
    """One field of each sort, worded as the declaration is."""

    texts = "declare"
    blames = {"id_reused": "full_name"}

    full_name = Text(longest=10, attributes={"autocomplete": "name"})
    birth = Day()
    declared_at = Moment(is_optional=True, template="forms/hidden.html")
    sex = Choice(options=("male", "female"), missing="sex_missing", layout="choices-row")
    origin = Select(options=provinces, missing="origin_missing")
    symptoms = Boxes(
        options=("fever", "cough"),
        words="declare.answer",
        none="none",
        missing="symptoms_missing",
        contradicts="symptoms_contradict",
    )
    phone = Number(most=50, is_optional=True)
    id_number = LongText(is_optional=True)
    plate = Secret(is_optional=True)
    token = Hidden(is_optional=True)
    direction = Tick()


FILLED: dict[str, Any] = {
    "full_name": " Mai ",
    "birth": "5/7/2021",
    "declared_at": "14:05 05/07/2021",
    "sex": "male",
    "origin": "79",
    "symptoms": ["cough", "fever"],
    "phone": "7",
    "id_number": "một\nhai",
    "plate": " với dấu cách ",
    "token": "xyz",
    "direction": "on",
}


def form_of(**changed: Any) -> Everything:
    post = QueryDict(mutable=True)
    for name, value in (FILLED | changed).items():
        post.setlist(name, value if isinstance(value, list) else [value])
    return Everything(post)


def drawn(form: Form) -> str:
    return render_to_string("forms/mistakes.html", {"form": form}) + render_to_string(
        "forms/form.html", {"form": form, "path": "/here"}
    )


def test_a_filled_form_gives_what_was_meant() -> None:
    form = form_of()
    assert form.is_valid(), form.codes
    assert form.cleaned_data == {
        "full_name": "Mai",
        "birth": date(2021, 7, 5),
        "declared_at": datetime(2021, 7, 5, 7, 5, tzinfo=UTC),
        "sex": "male",
        "origin": "79",
        "symptoms": ("cough", "fever"),
        "phone": 7,
        "id_number": "một\nhai",
        "plate": " với dấu cách ",
        "token": "xyz",
        "direction": True,
    }


def test_an_empty_form_names_every_field_in_the_order_of_the_page() -> None:
    form = Everything(QueryDict())
    assert form.codes == {
        "full_name": "answer_missing",
        "birth": "day_invalid",
        "sex": "sex_missing",
        "origin": "origin_missing",
        "symptoms": "symptoms_missing",
    }
    assert [mistake.id for mistake in form.mistakes] == list(form.codes)
    assert form.status == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("full_name", "x" * 11, "field_too_long"),
        ("full_name", "M\0i", "field_too_long"),
        ("birth", "31/02/2021", "day_invalid"),
        ("birth", "05/07/21", "day_invalid"),
        ("birth", "٠٥/٠٧/٢٠٢١", "day_invalid"),
        ("declared_at", "00:00 01/01/0001", "time_invalid"),
        ("declared_at", "24:00 05/07/2021", "time_invalid"),
        ("sex", "unknown", "sex_missing"),
        ("origin", "01", "origin_missing"),
        ("symptoms", ["none", "fever"], "symptoms_contradict"),
        ("symptoms", ["plague"], "symptoms_missing"),
        ("phone", "51", "number_invalid"),
        ("phone", "-1", "number_invalid"),
        ("phone", "bảy", "number_invalid"),
    ],
)
def test_a_mistake_is_named_beside_its_field(field: str, typed: str | list[str], code: str) -> None:
    assert form_of(**{field: typed}).codes == {field: code}


def test_what_was_typed_is_kept_and_escaped() -> None:
    page = drawn(form_of(full_name='Nguyễn "Bảy" <b>', birth="mai", id_number="</textarea>"))
    assert 'value="Nguyễn &quot;Bảy&quot; &lt;b&gt;"' in page
    assert 'value="mai"' in page
    assert "&lt;/textarea&gt;" in page
    assert '<option value="79" selected>' in page
    assert page.count(" checked") == 4
    assert "với dấu cách" not in page


def test_a_mistake_is_told_at_the_top_and_beside_its_field() -> None:
    page = drawn(form_of(birth=""))
    assert 'role="alert"' in page
    assert '<a href="#birth">' in page
    assert 'aria-describedby="birth-hint birth-mistake"' in page
    assert 'aria-invalid="true"' in page


def test_an_empty_form_has_nothing_chosen_and_no_mistakes() -> None:
    form = Everything()
    page = drawn(form)
    assert form.status == HTTPStatus.OK
    assert "checked" not in page
    assert "mistake" not in page


def test_words_are_in_the_readers_language() -> None:
    use_language("en")
    try:
        page = drawn(form_of(full_name=""))
    finally:
        use_language("vi")
    assert "Fill in: Full name." in page
    assert "(optional)" in page
    assert "This field" not in page


def test_initial_values_stand_in_the_form() -> None:
    page = drawn(Everything(initial={"full_name": "Mai", "sex": "male", "symptoms": ("fever",)}))
    assert 'value="Mai"' in page
    assert page.count(" checked") == 2


def test_a_problem_of_the_write_becomes_a_mistake_of_the_field_it_is_about() -> None:
    form = form_of()
    assert form.is_valid()
    with form.blaming():
        raise Problem("id_reused")
    assert form.codes == {"full_name": "id_reused"}
    assert form.status == HTTPStatus.CONFLICT


def test_a_problem_of_no_field_stands_first_and_gives_its_own_status() -> None:
    form = form_of(birth="")
    form.refuse(Problem("not_allowed"))
    assert [mistake.id for mistake in form.mistakes] == ["", "birth"]
    assert form.status == HTTPStatus.FORBIDDEN


def test_several_forms_on_one_page_have_ids_of_their_own() -> None:
    form = Everything(stem="second-")
    assert 'id="second-birth" name="birth"' in drawn(form)


def test_what_was_typed_travels_through_another_page() -> None:
    carried = list(form_of(symptoms=["fever", "cough"]).hidden_values())
    assert ("full_name", "Mai") in carried
    assert [value for name, value in carried if name == "symptoms"] == ["fever", "cough"]
