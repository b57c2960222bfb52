"""Who may be one person is proposed with the evidence side by side; who shares a name and a year stays apart."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.models import Entry
from chotxanh.people import proposals
from chotxanh.people.groups import same_people
from chotxanh.people.models import Registration
from chotxanh.site.office.people import LOOK
from tests.cast import DRIVER, PHU_MY, change_grants
from tests.stage import Stage

PEOPLE = "/office/people"
SECOND, THIRD = (new_code(CodeType.PERSON, bytes([number] * 16)) for number in (2, 3))
PROPOSED = "Ghép hai lần khai này"
NOBODY = "Không có lần khai nào để đề xuất"
APART = "Giống nhiều nhưng không đề xuất"


def register(stage: Stage, code: str = SECOND, **changed: Any) -> UUID:
    """Register somebody much like the driver under another code; return the registration."""
    person = replace(DRIVER, **changed)
    return stage.must_apply(stage.station.register(person, person_code=code, birth_year=person.birth.year))[0]


def driver() -> UUID:
    return Registration.objects.get(person_code=DRIVER.code).id


def page_of(browser: Client, registration: UUID | None = None) -> str:
    return browser.get(f"{PEOPLE}/{registration or driver()}").content.decode()


def test_the_same_phone_name_and_year_are_proposed_and_linked_for_a_reason(
    lead: Client, declared: Stage
) -> None:
    other = register(declared, id_number=None)
    page = page_of(lead)
    assert PROPOSED in page
    for words in ("Họ tên", "Trùng", "Có bên không ghi", "*** *** 678"):
        assert words in page
    assert DRIVER.phone not in page
    assert same_people([SECOND])[SECOND].all == {SECOND}  # a proposal changes nothing
    seen = PersonalAccess.objects.filter(purpose=LOOK, member=declared.staff.lead.id)
    assert set(seen.values_list("subject", flat=True)) == {DRIVER.code, SECOND}
    address = f"{PEOPLE}/{driver()}/link/{other}"
    assert address in page
    assert "Trùng" in lead.get(address).content.decode()
    assert lead.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    answer = lead.post(address, {"link_reason": "papers_seen"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, f"{PEOPLE}/{driver()}")
    assert same_people([SECOND])[SECOND].own == {DRIVER.code, SECOND}
    assert NOBODY in page_of(lead)
    assert lead.post(address, {"link_reason": "other"}).status_code == HTTPStatus.CONFLICT
    lead.post(f"{PEOPLE}/{other}/unlink", {"link_reason": "wrong_before"})
    assert "Cán bộ đã tách riêng" in page_of(lead)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("077085000124", "Khác 1 chữ số (thứ 12)"),
        ("077085000132", "Đảo 2 chữ số (thứ 11 và 12)"),
    ],
)
def test_a_slip_in_the_number_is_proposed_and_marked(
    lead: Client, declared: Stage, number: str, words: str
) -> None:
    register(declared, id_number=number, phone="+84900000001")
    page = page_of(lead)
    assert PROPOSED in page
    assert words in page
    assert number not in page


def test_people_of_the_same_name_and_year_stay_apart(lead: Client, declared: Stage) -> None:
    """Another number, no number, an old card, a passport: without the phone none of them says who somebody is."""
    for place, number in enumerate(("079085999999", None, "271234567", "B1234567"), start=10):
        code = new_code(CodeType.PERSON, bytes([place] * 16))
        register(declared, code, id_number=number, phone=f"+849000000{place}")
    page = page_of(lead)
    assert NOBODY in page
    assert APART not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id_number": "079085999999"}, "Hai số CCCD khác nhau: là hai người."),
        ({"id_number": None, "birth": DRIVER.birth.replace(year=1958)}, "cha con"),
        ({"id_number": None, "birth": DRIVER.birth.replace(month=11)}, "Ngày sinh khác nhau"),
        ({"id_number": None, "full_name": "Nguyễn Văn Dương"}, "sinh đôi"),
        ({"id_number": "077085000124", "full_name": "Nguyễn Văn Dương"}, "sinh đôi"),
    ],
)
def test_who_shares_name_and_phone_and_is_somebody_else_is_said_so_and_not_proposed(
    lead: Client, declared: Stage, changed: dict[str, Any], sentence: str
) -> None:
    other = register(declared, **changed)
    for page in (page_of(lead), page_of(lead, other)):
        assert sentence in page
        assert APART in page
        assert PROPOSED not in page


def test_an_old_card_and_the_new_one_under_one_phone_are_proposed(lead: Client, declared: Stage) -> None:
    register(declared, id_number="271234567")
    page = page_of(lead)
    assert PROPOSED in page
    assert "Hai loại giấy tờ" in page


def test_people_without_papers_and_with_the_year_only_are_proposed_by_their_phone(
    lead: Client, declared: Stage
) -> None:
    without = replace(DRIVER, id_number=None)
    station, year_alone = declared.station, {"birth_date": None}
    one, other = declared.must_apply(
        *(
            station.entry(
                "person.registered",
                without.facts() | {"person_code": code, "birth_precision": "year"},
                without.personal() | year_alone,
            )
            for code in (SECOND, THIRD)
        )
    )
    assert f"{PEOPLE}/{one}/link/{other}" in page_of(lead, one)


def test_who_was_erased_resembles_nobody(lead: Client, declared: Stage) -> None:
    other = register(declared, id_number=None)
    lead.post(f"{PEOPLE}/{other}/erase", {"erasure_basis": "request"})
    assert NOBODY in page_of(lead)
    assert PROPOSED not in page_of(lead, other)


def test_only_leads_of_the_whole_province_see_and_link_who_resembles(client: Client, declared: Stage) -> None:
    address = f"{PEOPLE}/{driver()}/link/{register(declared, id_number=None)}"
    staff = declared.staff
    client.force_login(staff.data_protection)
    assert "Có thể cùng một người" not in page_of(client)
    change_grants(staff.lead, facility=PHU_MY)
    for member in (staff.data_protection, staff.officer, staff.physician, staff.lead):
        client.force_login(member)
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN
        assert client.post(address, {"link_reason": "other"}).status_code == HTTPStatus.FORBIDDEN
    assert not Entry.objects.filter(kind="registration.linked").exists()


def test_nobody_is_linked_to_themselves(lead: Client, declared: Stage) -> None:
    address = f"{PEOPLE}/{driver()}/link/{driver()}"
    assert lead.post(address, {"link_reason": "other"}).status_code == HTTPStatus.NOT_FOUND


def test_of_many_who_resemble_the_newest_are_shown_and_it_is_said(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MOST_SHOWN", 1)
    register(declared, SECOND, id_number=None)
    declared.station.minute += 1
    newest = register(declared, THIRD, id_number=None)
    page = page_of(lead)
    assert page.count(PROPOSED) == 1
    assert f"/link/{newest}" in page
    assert "chỉ hiện những lần mới nhất" in page
