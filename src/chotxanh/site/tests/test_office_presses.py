"""An address of the office that only takes presses, opened without one, leads on and says that nothing was done."""

from http import HTTPStatus
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from chotxanh.beside.models import OfficeSession
from chotxanh.ledger.models import Entry
from chotxanh.site.office.urls import urlpatterns
from tests.cast import PASSWORD, PHU_MY
from tests.entering import enter
from tests.stage import Stage

PARTS = {
    "entry": UUID(int=1),
    "device": UUID(int=2),
    "result": UUID(int=3),
    "registration": UUID(int=4),
    "other": UUID(int=8),
    "search": "unknown",
    "log": UUID(int=5),
    "boot": UUID(int=6),
    "facility": PHU_MY,
    "barcode": "ONG1",
    "name": "facilities",
    "row": PHU_MY,
    "session": "others",
    "token": "of-a-list",
    "whose": UUID(int=7),
}
ADDRESSES = [
    reverse(str(route.name), kwargs={part: PARTS[part] for part in route.pattern.converters})
    for route in urlpatterns
]
LISTS = {
    f"/office/held/{PARTS['entry']}": "/office/held",
    f"/office/calls/{PARTS['entry']}/undo": "/office/calls",
    f"/office/invalid/{PARTS['device']}/looked-into": "/office/invalid",
    f"/office/registers/facilities/{PHU_MY}": "/office/registers/facilities",
    "/office/sign-out": "/office/",
}
ACT = f"/office/registers/facilities/{PHU_MY}"
NOTHING = "Chưa có gì được ghi"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_of_the_office_refuses_to_be_opened(lead: Client, address: str) -> None:
    for language in ("vi", "en"):
        there = lead.get(f"/language/{language}?next={address}")["Location"]
        assert lead.get(there).status_code != HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(("address", "list_address"), LISTS.items())
def test_what_only_takes_presses_leads_to_its_list_which_says_once_that_nothing_was_done(
    lead: Client, address: str, list_address: str
) -> None:
    before = Entry.objects.count()
    answer = lead.get(address)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, list_address)
    assert answer["Cache-Control"] == "no-store"
    assert [NOTHING in lead.get(list_address).content.decode() for _ in range(2)] == [True, False]
    assert Entry.objects.count() == before
    assert lead.put(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_an_act_confirmed_after_the_session_ended_leads_back_to_its_register(
    lead: Client, stage: Stage
) -> None:
    stage.staff.lead.set_password(PASSWORD)
    stage.staff.lead.save()
    before = Entry.objects.count()
    lead.logout()
    sure = {"act": "suspend", "sure": "1"}
    asked = lead.post(ACT, sure, headers={"referer": f"http://testserver{ACT}"})
    assert asked["Location"] == f"/office/sign-in?next={ACT}&lost=1"
    shown = lead.get(enter(lead, stage.staff.lead, next=ACT, lost="1"), follow=True)
    assert shown.redirect_chain == [("/office/registers/facilities", HTTPStatus.SEE_OTHER)]
    assert "Việc bạn bấm lúc phiên đã hết chưa được ghi" in shown.content.decode()
    assert NOTHING not in shown.content.decode()
    assert Entry.objects.count() == before


def test_a_stranger_is_sent_to_sign_in_and_keeps_no_session(client: Client, stage: Stage) -> None:
    answer = client.get(ACT, follow=True)
    assert answer.redirect_chain[-1][0] == "/office/sign-in?next=/office/registers/facilities"
    assert not OfficeSession.objects.exists()
