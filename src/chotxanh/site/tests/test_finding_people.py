"""People are found at the office by what they are known by; each search and each person listed is written down."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chotxanh.beside.limits import PEOPLE_SEARCHES
from chotxanh.beside.models import PersonalAccess
from chotxanh.declarations import queries
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.names import mask_name
from chotxanh.people.models import Registration
from chotxanh.site.look_lines import SEARCH
from chotxanh.site.office import finding, found_people
from chotxanh.site.office.finding import LISTED
from chotxanh.storage.vendors import is_postgresql
from tests.cast import ASSISTANT, DRIVER, PHU_MY, RIDER, TRAVELLERS, WALKER, Person, change_grants
from tests.narrow import BURST, narrow
from tests.stage import Stage

PEOPLE = "/office/people"
CARD = "077085000123|271234567|Nguyễn Văn Đường|05031985|Nam|Ấp 3, Phú Mỹ|01052021"


def found(browser: Client, sought: str, born_in: str = "") -> str:
    """Search, and return the list that it leads to."""
    answer = browser.post(PEOPLE, {"sought": sought, "born_in": born_in})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.content.decode()
    return browser.get(answer["Location"]).content.decode()


def listed(page: str, among: Sequence[Person] = TRAVELLERS) -> list[Person]:
    """Return who of the cast is on a list."""
    known = {each.person_code: each.id for each in Registration.objects.all()}
    return [each for each in among if f'href="{PEOPLE}/{known[each.code]}"' in page]


def another(stage: Stage, number: int, **changed: object) -> Person:
    """Register somebody much like the driver under a code of their own."""
    person = replace(DRIVER, **changed)  # type: ignore[arg-type]
    stage.must_apply(stage.station.register(person, person_code=code_of(number)))
    return person


def code_of(number: int) -> str:
    return new_code(CodeType.PERSON, number.to_bytes(16, "big"))


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("nguyen van duong", [DRIVER]),
        ("NGUYỄN VĂN ĐƯỜNG 1985", [DRIVER]),
        ("Nguyễn Văn Đường 1986", []),
        ("0912 345 678", [DRIVER]),
        ("+84 912 345 678", [DRIVER]),
        ("077 085 000 123", [DRIVER]),
        ("72c12345", [DRIVER, ASSISTANT]),
        ("72C-123.45 / 72R-000.11", [DRIVER, ASSISTANT]),
        ("72B1-456.78", [RIDER]),
        ("y bham nie kdam", [WALKER]),
        (CARD, [DRIVER]),
        ("Nguyễn Văn", []),
        ("0999 999 999", []),
    ],
)
def test_a_person_is_found_by_whatever_they_are_known_by(
    lead: Client, declared: Stage, typed: str, people: list[Person]
) -> None:
    page = found(lead, typed)
    assert listed(page) == people
    assert ("Không tìm thấy ai" in page) is not bool(people)


def test_what_is_sought_stands_in_no_address_and_nobody_else_opens_its_list(
    lead: Client, declared: Stage
) -> None:
    answer = lead.post(PEOPLE, {"sought": DRIVER.full_name, "born_in": "1985"})
    assert DRIVER.full_name not in unquote(answer["Location"])
    assert "1985" not in answer["Location"]
    page = lead.get(answer["Location"])
    assert page["Cache-Control"] == "no-store"
    assert f'value="{DRIVER.full_name}"' in page.content.decode()
    stranger = Client()
    stranger.force_login(declared.staff.data_protection)
    assert stranger.get(answer["Location"])["Location"] == PEOPLE
    assert lead.get(f"{PEOPLE}/found/unknown")["Location"] == PEOPLE
    assert "hết hạn giữ" in lead.get(PEOPLE).content.decode()


def test_a_list_is_masked_and_says_what_was_understood(lead: Client, declared: Stage) -> None:
    page = found(lead, "0912 345 678")
    assert "Hiểu là: số điện thoại" in page
    for shown in (mask_name(DRIVER.full_name), "*** *** 678", "******000123", "1985", "72C-123.45", "Xe tải"):
        assert shown in page
    for secret in (DRIVER.full_name, str(DRIVER.id_number), "+84912345678"):
        assert secret not in page
    card = found(lead, CARD)
    assert "số cũ trên thẻ mới" in card
    assert "Trùng: số giấy tờ, họ tên" in card


def test_the_protector_finds_people_and_sees_no_plate_and_nobody_else_searches(
    client: Client, declared: Stage
) -> None:
    staff = declared.staff
    client.force_login(staff.data_protection)
    page = found(client, "72C-123.45")
    assert listed(page) == [DRIVER, ASSISTANT]
    assert 'class="plate"' not in page
    change_grants(staff.lead, facility=PHU_MY)
    for member in (staff.officer, staff.technician, staff.physician, staff.lead):
        client.force_login(member)
        assert client.post(PEOPLE, {"sought": DRIVER.phone}).status_code == HTTPStatus.FORBIDDEN
        assert client.get(f"{PEOPLE}/found/x").status_code == HTTPStatus.FORBIDDEN
    assert not PersonalAccess.objects.exclude(member=staff.data_protection.id).exists()


def test_each_search_and_each_person_listed_is_written_down_without_what_was_typed(
    lead: Client, declared: Stage
) -> None:
    found(lead, "72C-123.45")
    found(lead, "Nguyễn Văn Không Có")
    mine = PersonalAccess.objects.filter(member=declared.staff.lead.id)
    searches = mine.filter(purpose=SEARCH).order_by("id")
    assert list(searches.values_list("subject", flat=True)) == ["plate:2", "name:0"]
    seen = set(mine.filter(purpose=LISTED).values_list("subject", flat=True))
    assert seen == {DRIVER.code, ASSISTANT.code}
    driver = Registration.objects.get(person_code=DRIVER.code)
    assert "Hiện trong danh sách tìm kiếm" in lead.get(f"{PEOPLE}/{driver.id}/looks").content.decode()
    lead.force_login(declared.staff.data_protection)
    log = lead.get("/office/protection").content.decode()
    assert "Tìm theo biển số: 2 lần khai" in log
    assert "Tìm theo họ tên: 0 lần khai" in log


def test_more_than_the_list_holds_are_said_and_a_year_of_birth_narrows_them(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_people, "MOST_FOUND", 2)
    monkeypatch.setattr(finding, "MOST_FOUND", 2)
    for number, year in enumerate((1990, 1991, 1992), start=1):
        declared.station.minute += 1
        born = DRIVER.birth.replace(year=year)
        declared.must_apply(
            declared.station.register(
                replace(DRIVER, id_number=None, birth=born), person_code=code_of(number), birth_year=year
            )
        )
    page = found(lead, DRIVER.full_name)
    assert "Có hơn 2 người, nhập thêm năm sinh" in page
    assert page.index("sinh năm 1992") < page.index("sinh năm 1991")
    assert "sinh năm 1990" not in page
    narrowed = found(lead, DRIVER.full_name, "1985")
    assert listed(narrowed, [DRIVER]) == [DRIVER]
    assert "Có hơn" not in narrowed
    subjects = PersonalAccess.objects.filter(purpose=SEARCH).order_by("id")
    assert list(subjects.values_list("subject", flat=True)) == ["name:2+", "name:1"]


def test_an_old_number_on_the_new_card_finds_both_registrations(lead: Client, declared: Stage) -> None:
    old = another(declared, 1, id_number="271234567", phone="+84900000001", full_name="Nguyễn Văn Dương")
    page = found(lead, CARD)
    assert listed(page, [DRIVER]) == [DRIVER]
    assert "Trùng: số cũ trên thẻ mới, họ tên" in page
    assert old.id_number is not None
    assert old.id_number not in page.replace(CARD, "")


def test_who_searches_on_and_on_waits_and_what_was_typed_stays(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, finding, PEOPLE_SEARCHES)
    for _ in range(BURST):
        found(lead, DRIVER.full_name)
        lead.get(PEOPLE)
        lead.session.flush()
        lead.force_login(declared.staff.lead)  # a new session has no limit of its own
    refused = lead.post(PEOPLE, {"sought": DRIVER.phone, "born_in": ""})
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Bạn đã tìm quá nhiều người" in refused.content.decode()
    assert DRIVER.phone in refused.content.decode()
    assert PersonalAccess.objects.filter(purpose=SEARCH).count() == BURST


@pytest.mark.parametrize(
    ("sought", "born_in", "sentence"),
    [
        ("", "", "Gõ hoặc quét thông tin"),
        ("1234", "", "Chưa hiểu thông tin này"),
        ("Nguyễn Văn A", "85", "1890"),
        ("O912345678", "", "O"),
    ],
)
def test_what_cannot_be_read_is_said_and_nobody_is_looked_for(
    lead: Client, declared: Stage, sought: str, born_in: str, sentence: str
) -> None:
    refused = lead.post(PEOPLE, {"sought": sought, "born_in": born_in})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in refused.content.decode()
    assert not PersonalAccess.objects.exists()


def test_a_vehicle_of_a_class_that_is_not_known_here_is_shown_as_it_was_declared(
    lead: Client, declared: Stage
) -> None:
    declared.station.minute += 1
    declared.must_apply(declared.station.declare(DRIVER, vehicle_class="tuktuk"))
    page = found(lead, DRIVER.phone)
    assert "Chuyến gần nhất: tuktuk" in page


def test_of_a_vehicle_with_many_journeys_it_is_said_that_only_the_last_were_looked_through(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "chuyến gần nhất" not in found(lead, "72C-123.45")
    monkeypatch.setattr(queries, "MOST_JOURNEYS", 1)
    for year in ("", "1901"):  # of whom nobody is listed
        assert "chỉ tìm trong 1 chuyến gần nhất" in found(lead, "72C-123.45", year)


def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(lead: Client, declared: Stage) -> None:
    def statements(sought: str) -> int:
        address = lead.post(PEOPLE, {"sought": sought, "born_in": ""})["Location"]
        lead.get(address)
        with CaptureQueriesContext(connection) as asked:
            lead.get(address)
        return len(asked)

    short = statements(DRIVER.full_name)
    for number in range(1, 9):
        another(declared, number, id_number=None)
    assert statements(DRIVER.full_name) == short


@pytest.mark.parametrize(
    ("column", "index"),
    [
        ("name_index", "registration_by_name"),
        ("id_number_index", "registration_by_number"),
        ("phone_index", "registration_by_phone"),
    ],
)
def test_of_thousands_of_one_name_the_newest_are_read_in_order_of_the_index(
    declared: Stage, column: str, index: str
) -> None:
    with connection.cursor() as cursor:
        if is_postgresql():  # which would rather read five rows than an index
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    newest = Registration.objects.filter(**{column: b"0" * 16}).order_by("-registered_at", "id")[:50]
    plan = newest.explain()
    assert index in plan
    assert "Backward" in plan if is_postgresql() else "FOR ORDER BY" not in plan
