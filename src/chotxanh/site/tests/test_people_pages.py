"""Who somebody is, at the office: found, put right, linked and unlinked by leads of the whole province alone."""

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chotxanh.beside.models import PersonalAccess
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import CodeType, group, new_code
from chotxanh.domain.names import mask_id_number, mask_name
from chotxanh.ledger.models import Entry
from chotxanh.people.groups import codes_together
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.results.models import PersonResult
from chotxanh.site.office.people import FULL_LOOK, LOOK
from tests.cast import ASSISTANT, DRIVER, EVENING, PHU_MY, RIDER, change_grants
from tests.device import member_facts
from tests.stage import Stage

LIST = "/office/people"
SECOND_CODE = new_code(CodeType.PERSON, b"0123456789abcdef")
RIGHT_NAME = "Nguyễn Văn Đương"
CORRECTION = {"full_name": RIGHT_NAME, "birth": "", "id_number": "", "correction_reason": "typing_error"}
ANOTHER_NAME = CORRECTION | {"full_name": "Nguyễn Văn Dương Em"}


@pytest.fixture
def driver(declared: Stage) -> UUID:
    """The driver's registration; sampled, and negative."""
    declared.must_apply(declared.station.collect("ONG1", [DRIVER]))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("ONG1", "negative"))
    return Registration.objects.get(person_code=DRIVER.code).id


@pytest.fixture
def again(declared: Stage, driver: UUID) -> UUID:
    """A second registration of the driver: the machine finds them alike."""
    return declared.must_apply(declared.station.register(DRIVER, person_code=SECOND_CODE))[0]


def page_of(registration: UUID, act: str = "") -> str:
    """Return the address of a person's page."""
    return f"{LIST}/{registration}{act}"


def text_at(browser: Client, address: str) -> str:
    """Return a page."""
    return browser.get(address).content.decode()


@pytest.mark.parametrize("act", ["", "/correct", "/link", "/unlink"])
def test_only_leads_of_the_whole_province_see_and_decide_who_somebody_is(
    client: Client, declared: Stage, driver: UUID, act: str
) -> None:
    address, staff = page_of(driver, act), declared.staff
    assert client.get(address)["Location"].startswith("/office/sign-in")
    for member in (staff.officer, staff.technician, staff.data_protection, staff.physician):
        client.force_login(member)
        finds = member == staff.data_protection  # masked, and decides nothing of it
        assert client.get(address).status_code == (200 if finds and not act else HTTPStatus.FORBIDDEN)
        answer = client.post(address, CORRECTION | {"link_code": RIDER.code, "link_reason": "other"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert client.get(LIST).status_code == (200 if finds else HTTPStatus.FORBIDDEN)
    client.force_login(staff.lead)
    assert client.get(address).status_code == HTTPStatus.OK
    change_grants(staff.lead, facility=PHU_MY)
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN
    assert client.post(address, CORRECTION).status_code == HTTPStatus.FORBIDDEN
    said = Entry.objects.filter(kind__in=("person.corrected", "registration.linked", "registration.unlinked"))
    assert not said.exists()


def test_a_person_is_found_by_the_code_in_groups_or_not(lead: Client, driver: UUID) -> None:
    for typed in (DRIVER.code, DRIVER.code.lower(), group(DRIVER.code)):
        answer = lead.post(LIST, {"sought": typed})
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, page_of(driver))
    for typed in ("", "?!", DRIVER.code[:-1], SECOND_CODE):
        assert lead.post(LIST, {"sought": typed}).status_code in (
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
        )
    assert lead.get(page_of(uuid4())).status_code == HTTPStatus.NOT_FOUND


def test_a_person_is_masked_until_everything_is_asked_for_and_each_look_is_written_down(
    lead: Client, declared: Stage, driver: UUID
) -> None:
    masked = text_at(lead, page_of(driver))
    assert mask_name(DRIVER.full_name) in masked
    for secret in (DRIVER.full_name, DRIVER.id_number, "0912 345 678", "05/03/1985"):
        assert secret is not None
        assert secret not in masked
    assert mask_id_number(DRIVER.id_number or "") in masked
    whole = lead.post(page_of(driver)).content.decode()
    for secret in (DRIVER.full_name, DRIVER.id_number, "05/03/1985"):
        assert secret is not None
        assert secret in whole
    looks = PersonalAccess.objects.filter(member=declared.staff.lead.id, subject=DRIVER.code)
    assert set(looks.values_list("purpose", flat=True)) == {LOOK, FULL_LOOK}


def test_a_corrected_name_gives_the_paper_anew_until_the_same_minute(lead: Client, driver: UUID) -> None:
    (before,) = certificates_of(DRIVER.code, EVENING)
    answer = lead.post(page_of(driver, "/correct"), CORRECTION)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, page_of(driver))
    new, old = certificates_of(DRIVER.code, EVENING)
    assert (new.status, old.status) == (Outcome.VALID, Outcome.SUPERSEDED)
    assert new.valid_until == old.valid_until == before.valid_until
    page = text_at(lead, page_of(driver))
    assert mask_name(RIGHT_NAME) in page
    assert "Đã sửa. Giấy còn hiệu lực" in page


def test_what_is_left_empty_stays_and_nothing_at_all_is_asked_again(lead: Client, driver: UUID) -> None:
    before = details_of(driver)
    nothing = CORRECTION | {"full_name": ""}
    answer = lead.post(page_of(driver, "/correct"), nothing)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Ghi ít nhất một mục" in answer.content.decode()
    for wrong in ({"correction_reason": ""}, {"birth": "31/02/1990"}, {"id_number": "123"}):
        assert lead.post(page_of(driver, "/correct"), CORRECTION | wrong).status_code == 422
    assert details_of(driver) == before
    lead.post(page_of(driver, "/correct"), nothing | {"birth": "1986", "id_number": "077085000124"})
    after = details_of(driver)
    assert after is not None and before is not None
    assert (after.full_name, after.birth_date, after.id_number) == (before.full_name, None, "077085000124")
    assert Registration.objects.get(id=driver).birth_year == 1986


def test_registrations_are_linked_and_unlinked_for_a_reason(lead: Client, driver: UUID, again: UUID) -> None:
    assert "Có thể cùng một người" in text_at(lead, page_of(again))
    refused = lead.post(page_of(again, "/link"), {"link_code": DRIVER.code, "link_reason": ""})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    said = {"link_code": group(DRIVER.code), "link_reason": "papers_seen"}
    assert lead.post(page_of(again, "/link"), said).status_code == HTTPStatus.SEE_OTHER
    assert "Cán bộ đã xác nhận" in text_at(lead, page_of(again))
    assert lead.post(page_of(again, "/unlink"), {"link_reason": "wrong_before"})["Location"] == page_of(again)
    assert codes_together([DRIVER.code]) == {DRIVER.code}
    assert "Không có lần khai nào khác" in text_at(lead, page_of(again))


def test_nobody_is_linked_to_themselves_or_to_a_code_that_two_people_claim(
    lead: Client, declared: Stage, driver: UUID, again: UUID
) -> None:
    declared.must_apply(declared.station.register(ASSISTANT, person_code=DRIVER.code))
    for code in (DRIVER.code, SECOND_CODE):
        lead.post(page_of(again, "/link"), {"link_code": code, "link_reason": "papers_seen"})
    assert not Entry.objects.filter(kind="registration.linked").exists()
    assert "Người khác cũng khai mã này" in text_at(lead, page_of(driver))


def test_a_typing_error_put_right_lifts_no_suspension_unasked(
    lead: Client, declared: Stage, driver: UUID, again: UUID
) -> None:
    """Registered twice, positive under the second code: whoever mends a name must know that they are two people."""
    station = declared.station
    declared.must_apply(
        station.collect("ONG2", [DRIVER], members=[member_facts(SECOND_CODE, registration=again)])
    )
    station.minute += 20
    declared.must_apply(station.result("ONG2", "positive"))
    assert papers_of(DRIVER.code) == ["suspended"]
    assert 'name="others_apart"' in text_at(lead, page_of(driver, "/correct"))
    for subject in (driver, again):
        answer = lead.post(page_of(subject, "/correct"), ANOTHER_NAME)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "không còn đi cùng" in answer.content.decode()
        assert ANOTHER_NAME["full_name"] in answer.content.decode()
    assert not Entry.objects.filter(kind="person.corrected").exists()
    lead.post(page_of(driver, "/link"), {"link_code": SECOND_CODE, "link_reason": "papers_seen"})
    answer = lead.post(page_of(driver, "/correct"), ANOTHER_NAME)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert papers_of(DRIVER.code) == ["suspended"]
    lead.post(page_of(driver, "/unlink"), {"link_reason": "wrong_before"})
    assert papers_of(DRIVER.code) == ["stands"]


def test_who_is_known_to_be_somebody_else_is_corrected_at_once(
    lead: Client, driver: UUID, again: UUID
) -> None:
    answer = lead.post(page_of(driver, "/correct"), ANOTHER_NAME | {"others_apart": "on"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert codes_together([DRIVER.code]) == {DRIVER.code}


def test_a_typing_error_of_somebody_registered_twice_under_one_code_can_be_put_right(
    lead: Client, declared: Stage, driver: UUID
) -> None:
    """At a window without the number: no group is of both, and the page refused without a box to tick."""
    declared.must_apply(declared.station.register(replace(DRIVER, id_number=None), person_code=DRIVER.code))
    assert lead.post(page_of(driver, "/correct"), ANOTHER_NAME).status_code == HTTPStatus.CONFLICT
    answer = lead.post(page_of(driver, "/correct"), ANOTHER_NAME | {"others_apart": "on"})
    assert answer.status_code == HTTPStatus.SEE_OTHER


def test_nobody_is_asked_about_others_where_there_are_none(lead: Client, driver: UUID) -> None:
    assert "others_apart" not in text_at(lead, page_of(driver, "/correct"))


def papers_of(code: str) -> list[str]:
    """Return what the papers of a code are."""
    return list(PersonResult.objects.filter(person_code=code).values_list("paper", flat=True))
