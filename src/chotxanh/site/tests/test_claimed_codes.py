"""Of a code that two people claim a lead says who was sampled, on the page of the tube."""

from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chotxanh.certificates.models import Certificate
from chotxanh.people.models import Registration
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.disputes import CLAIMED, count_by_reason, disputed
from chotxanh.results.models import PersonResult
from tests.cast import ASSISTANT, CHAU_DUC, DRIVER, PHU_MY, RIDER, change_grants
from tests.stage import Stage

LIST = "/office/disputed"
TUBE = f"{LIST}/{PHU_MY}/ONG1"


@pytest.fixture
def stranger(declared: Stage) -> UUID:
    """Who claims the driver's code too, after a pool of the driver and the rider was negative."""
    declared.must_apply(declared.station.collect("ONG1", [DRIVER, RIDER]))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("ONG1", "negative"))
    return declared.must_apply(declared.station.register(ASSISTANT, person_code=DRIVER.code))[0]


def answer(client: Client, who: object, code: str = DRIVER.code) -> int:
    return client.post(
        TUBE, {"about": "people", "code": code, "who": str(who), "grounds": "asked_who_recorded"}
    ).status_code


def test_the_tube_is_listed_once_and_its_page_asks_who_was_sampled(lead: Client, stranger: UUID) -> None:
    assert f'href="{TUBE}"' in lead.get(LIST).content.decode()
    assert [row[0] for row in disputed(WHOLE_PROVINCE)] == [f"{PHU_MY}/ONG1"]
    assert count_by_reason(WHOLE_PROVINCE) == {CLAIMED: 1}
    assert len(disputed(WHOLE_PROVINCE, CLAIMED)) == 1
    page = lead.get(TUBE).content.decode()
    assert "Mã có hai người khai" in page
    for person in (DRIVER, ASSISTANT):
        assert f"{person.full_name}, {person.birth.year}, đăng ký lúc" in page
    assert RIDER.full_name + ", 2001, đăng ký" not in page


def test_a_leads_word_gives_the_paper_to_whom_it_names(lead: Client, stranger: UUID) -> None:
    assert answer(lead, stranger) == HTTPStatus.SEE_OTHER
    assert PersonResult.objects.get(person_code=DRIVER.code).registration == stranger
    assert Certificate.objects.filter(person_code=DRIVER.code, registration=stranger).count() == 1
    assert not disputed(WHOLE_PROVINCE).exists()
    assert "Đã ghi ai được lấy mẫu vào ống ONG1" in lead.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["", "x", uuid4()])
def test_nobody_who_does_not_claim_the_code_can_be_chosen(lead: Client, stranger: UUID, who: object) -> None:
    assert answer(lead, who) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PersonResult.objects.get(person_code=DRIVER.code).registration is None


def test_of_a_code_that_nobody_asks_about_nothing_is_said(lead: Client, stranger: UUID) -> None:
    rider = Registration.objects.get(person_code=RIDER.code)
    assert answer(lead, rider.id, RIDER.code) == HTTPStatus.NOT_FOUND


def test_a_lead_of_another_facility_neither_sees_nor_decides(
    lead: Client, declared: Stage, stranger: UUID
) -> None:
    change_grants(declared.staff.lead, facility=CHAU_DUC)
    assert TUBE not in lead.get(LIST).content.decode()
    assert answer(lead, stranger) == HTTPStatus.NOT_FOUND
