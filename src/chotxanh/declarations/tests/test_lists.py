"""Rows of a sheet read as the form reads a person, and recorded each once, whatever is wrong beside them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chotxanh.declarations.choices import UNIT_SUFFIX
from chotxanh.declarations.forms import DeclarationForm
from chotxanh.declarations.lists import checking, submitting
from chotxanh.declarations.lists.checking import check_rows, code_column, columns_at
from chotxanh.declarations.lists.columns import ASKED, examples_at
from chotxanh.declarations.lists.submitting import RowRecorded, submit_rows
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.submission import Declaration as Declared
from chotxanh.domain.problems import Problem
from chotxanh.language.texts import use_language
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.models import Registration
from chotxanh.registers.staff.models import Member
from chotxanh.sheets.cells import Cell, Kind
from chotxanh.sheets.checked import Checked
from chotxanh.sheets.columns import Row
from chotxanh.vehicles.models import Vehicle
from tests.cast import EVENING
from tests.stage import Stage

pytestmark = pytest.mark.usefixtures("stage")

GOOD = {
    "full_name": "Nguyễn Văn Đường",
    "birth": "1985",
    "sex": "Nam",
    "phone": "0912 345 678",
    "category": "Lái xe, phụ xe chở hàng",
    "vehicle_class": "Xe tải",
    "plate": "72C-123.45",
    "direction": "Vào tỉnh",
    "origin": "TP. Hồ Chí Minh",
    "destination": "Bà Rịa - Vũng Tàu",
    "symptoms": "Không",
    "exposures": "Không",
}
TODAY = EVENING.date()


def row(number: int = 2, kinds: dict[str, Kind] | None = None, **changed: str) -> Row:
    cells = {name: Cell(text) for name, text in (GOOD | changed).items() if text}
    return Row(number, cells | {name: Cell(cells[name].text, kind) for name, kind in (kinds or {}).items()})


def checked(**changed: Any) -> Checked[Declared]:
    return check_rows([row(**changed)], EVENING)[0]


def read(**changed: Any) -> Declared:
    one = checked(**changed)
    assert one.mistakes == ()
    assert one.read is not None
    return one.read


def test_every_field_of_the_form_has_its_column_in_the_one_table() -> None:
    form = DeclarationForm(today=TODAY)
    asked = {name for name in form.fields if not name.endswith(UNIT_SUFFIX)}
    assert {each.field for each in ASKED} == asked


def test_the_words_of_the_lists_are_read_with_or_without_accents_in_both_languages() -> None:
    vietnamese = read()
    assert (vietnamese.category, vietnamese.origin.unit.code, vietnamese.direction) == (
        "goods_driver",
        "79",
        "in",
    )
    assert read(sex="NAM", category="lai xe, phu xe cho hang") == vietnamese
    english = {"sex": "male", "vehicle_class": "truck", "direction": "Into the province", "symptoms": "none"}
    assert read(**english) == vietnamese


def test_what_is_in_no_list_is_named_with_its_column() -> None:
    (mistake,) = checked(vehicle_class="Xe ben").mistakes
    assert mistake.startswith("Đi bằng: Không có trong danh mục.")


def test_a_row_has_the_mistakes_of_the_form_and_each_names_its_column_once() -> None:
    mistakes = checked(phone="12", plate="", birth="31/02/1990").mistakes
    columns = ("Ngày sinh hoặc năm sinh: ", "Số điện thoại chưa đúng", "Biển số xe: ")
    assert [each.startswith(column) for each, column in zip(mistakes, columns, strict=True)] == [True] * 3
    use_language("en")
    assert checked(phone="12").mistakes[0].startswith("Phone number: ")


@pytest.mark.parametrize("name", ["symptoms", "exposures"])
def test_empty_is_not_none(name: str) -> None:
    (mistake,) = checked(**{name: ""}).mistakes
    assert "Ghi “Không”" in mistake


def test_places_are_words_and_where_several_are_meant_they_are_named() -> None:
    assert read(origin="bien hoa, dong nai").origin.unit.name == "Thành phố Biên Hòa"
    (mistake,) = checked(origin="Phú Mỹ").mistakes
    assert mistake.startswith("Đi từ: Có nhiều nơi tên như vậy.")
    one = mistake.partition("tên này: ")[2].split("; ")[0].rstrip(".")
    assert "Phú Mỹ" in one
    assert not any("Có nhiều nơi" in each for each in checked(origin=one).mistakes), (
        "what is named can be copied"
    )
    assert "hướng" in checked(direction="Ra khỏi tỉnh").mistakes[0].lower()


def test_so_many_places_are_sought_for_a_list_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_PLACES", 2)
    rows = check_rows([row(2), row(3, full_name="Trần Thị Hoa"), row(4, origin="Đồng Nai")], EVENING)
    assert [bool(each.mistakes) for each in rows] == [False, False, True]


def test_several_answers_stand_in_one_cell_even_those_with_commas_of_their_own() -> None:
    long = "Tiếp xúc với người bị sốt, ho, khó thở hoặc viêm phổi"
    declared = read(symptoms="Sốt, Ho", exposures=f"{long}; Đến hoặc ở vùng đang có dịch")
    ticked = {question for question, is_true in declared.answers.items() if is_true}
    assert ticked == {"fever", "cough", "contact_symptomatic", "been_in_outbreak_area"}
    assert read(symptoms="Sốt\nHo").answers["cough"]
    assert checked(symptoms="Sốt; Không").mistakes
    assert checked(symptoms="Sốt; lạ").mistakes


def test_formulas_and_errors_are_said_also_where_nothing_need_stand() -> None:
    (mistake,) = checked(id_number="x", kinds={"id_number": Kind.FORMULA}).mistakes
    assert "công thức" in mistake
    (mistake,) = checked(phone="x", kinds={"phone": Kind.ERROR}).mistakes
    assert "lỗi của Excel" in mistake


def test_a_phone_and_a_number_that_lost_their_zero_are_whole_again() -> None:
    declared = read(
        phone="912345678", id_number="77085000123", kinds={"phone": Kind.NUMBER, "id_number": Kind.NUMBER}
    )
    assert (declared.phone, declared.id_number) == ("+84912345678", "077085000123")


def test_what_looks_unusual_warns_and_holds_nothing_up() -> None:
    one = checked(id_number="077190000123")
    assert one.read is not None
    assert one.warnings


def test_a_row_that_repeats_another_is_a_mistake_and_two_of_one_name_are_two_people() -> None:
    rows = check_rows([row(2), row(3), row(4, phone="0987 654 321")], EVENING)
    assert [bool(each.mistakes) for each in rows] == [False, True, False]
    assert "dòng 2" in rows[1].mistakes[0]


def test_the_examples_of_the_template_are_good_rows() -> None:
    for language in ("vi", "en"):
        use_language(language)
        names = [each.name for each in columns_at(EVENING)]
        for example in examples_at(EVENING):
            cells = {name: Cell(text) for name, text in zip(names, example, strict=True) if text}
            assert check_rows([Row(2, cells)], EVENING)[0].mistakes == ()


def recorded(stage: Stage, *rows: Row, day_later: int = 0, by: Member | None = None) -> list[RowRecorded]:
    at = EVENING + timedelta(days=day_later)
    good = [each.read for each in check_rows(rows, at) if each.read is not None]
    return submit_rows(good, at.date(), (by or stage.staff.officer).id, at)


def test_each_row_is_a_person_with_a_code_and_who_keyed_it(stage: Stage) -> None:
    codes = [each.person_code for each in recorded(stage, row(2), row(3, full_name="Trần Thị Hoa"))]
    assert set(codes) == set(Registration.objects.values_list("person_code", flat=True))
    kept = Entry.objects.filter(kind__in=("person.registered", "declaration.submitted"))
    assert set(kept.values_list("actor", flat=True)) == {stage.staff.officer.id}
    assert not Registration.objects.exclude(page_digest=None).exists(), "a page that nobody has the link to"
    assert Declaration.objects.count() == 2
    assert Vehicle.objects.count() == 1, "one plate is one vehicle"


def test_the_same_sheet_sent_twice_declares_nobody_twice_by_whomever_it_is_sent(stage: Stage) -> None:
    first = recorded(stage, row(2), row(3, full_name="Trần Thị Hoa"))
    again = [row(9, full_name="Trần Thị Hoa"), row(2), row(3, full_name="Lê An")]
    second = recorded(stage, *again, by=stage.staff.lead)
    assert second[:2] == [first[1], first[0]]
    assert Registration.objects.count() == 3


def test_on_another_day_the_same_row_is_another_journey(stage: Stage) -> None:
    assert recorded(stage, row(2)) != recorded(stage, row(2), day_later=1)


def test_a_row_that_cannot_be_recorded_holds_up_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(deeds: list[Deed], now: datetime) -> None:
        if any("Hoa" in getattr(deed.personal, "full_name", "") for deed in deeds):
            raise Problem("not_allowed")
        record_deeds(deeds, now)

    monkeypatch.setattr(submitting, "record_deeds", refusing)
    results = recorded(stage, row(2), row(3, full_name="Trần Thị Hoa"), row(4, full_name="Lê An"))
    assert [each.problem for each in results] == ["", "not_allowed", ""]
    assert Registration.objects.count() == 2


def test_many_rows_are_recorded_in_parts_of_one_transaction_each(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "PART", 3)
    sizes = list[int]()

    def counting(deeds: list[Deed], now: datetime) -> None:
        sizes.append(len(deeds))
        record_deeds(deeds, now)

    monkeypatch.setattr(submitting, "record_deeds", counting)
    recorded(stage, *(row(number, phone=f"09123456{number:02d}") for number in range(2, 10)))
    assert sizes == [6, 6, 4]


def test_the_day_of_a_row_is_that_of_viet_nam() -> None:
    late = datetime(2021, 7, 25, 18, 0, tzinfo=UTC)  # already the 26th there
    assert check_rows([row(birth="26/07/2021")], late)[0].mistakes == ()


def test_who_has_a_code_was_recorded_before_and_is_passed_over(stage: Stage) -> None:
    (first,) = recorded(stage, row(2))
    assert code_column().name == "person_code"
    again = checked(person_code=first.person_code, phone="12")
    assert (again.is_done, again.read, again.mistakes) == (True, None, ())
    assert not checked(person_code="not a code").is_done
