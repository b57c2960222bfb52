"""The data protection officer comes into the office and finds everything from one page, and nothing else."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.access_log import note_access
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.models import Registration
from chotxanh.site.office.entering import first_page
from chotxanh.site.office.urls import urlpatterns
from tests.cast import DRIVER, EVENING, PHU_MY, RIDER, TRAVELLERS, change_grants
from tests.device import deed_of
from tests.stage import Stage

PAGE = "/office/protection"
OPEN = {"office_protection", "office_account", "office_kept_codes", "office_password", "office_sign_in"}


@pytest.fixture
def officer(declared: Stage, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of the data protection officer, signed in."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    client.force_login(declared.staff.data_protection)
    return client


def page_of(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def test_the_password_opens_the_way_in_and_it_leads_to_the_page(stage: Stage, client: Client) -> None:
    member = stage.staff.data_protection
    member.set_password("mat-khau-du-dai-20")
    member.save()
    sent = {"username": member.username, "password": "mat-khau-du-dai-20", "next": "/office/"}
    answer: Any = client.post("/office/sign-in", sent)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/office/sign-in/code")
    assert first_page(member, "/office/", EVENING) == PAGE


def test_everything_is_reached_from_the_one_page(officer: Client, declared: Stage) -> None:
    note_access(declared.staff.lead.id, DRIVER.code, "person_page", EVENING - timedelta(hours=1))
    note_access(declared.staff.lead.id, RIDER.code, "person_page", EVENING - timedelta(days=30))
    incident = {"what": "lost", "people": 3, "noticed_at": "2021-07-25T01:00:00.000Z", "document": ""}
    entry = Registration.objects.get(person_code=DRIVER.code).id
    record_deeds([deed_of("personal.erased", {"entry": str(entry), "basis": "request"})], EVENING)
    record_deeds([deed_of("incident.recorded", incident, actor=declared.staff.lead.id)], EVENING)
    page = page_of(officer)
    for wanted in ("/office/dossiers/impact", "/office/dossiers/security-level", 'id="incidents"'):
        assert wanted in page
    assert 'id="retention"' in page
    assert DRIVER.code in page
    assert RIDER.code not in page, "a look of a month ago is asked for by code"
    assert RIDER.code in page_of(officer, f"{PAGE}?code={RIDER.code.lower()}")
    assert "Tự động theo thời gian lưu" in page
    assert "3" in page
    for name in ("impact", "security-level"):
        assert PAGE in page_of(officer, f"/office/dossiers/{name}")
    assert not [each for each in TRAVELLERS if each.full_name in page]


def test_every_other_address_of_the_office_is_closed(officer: Client) -> None:
    found = [each for each in urlpatterns if not each.pattern.converters and each.name not in OPEN]
    answers = {each.name: officer.get(f"/{each.pattern}").status_code for each in found}
    for name in ("office_sign_out", "office_second_step"):
        answers.pop(name)
    assert set(answers.values()) <= {HTTPStatus.FORBIDDEN, HTTPStatus.SEE_OTHER}, answers


def test_the_page_is_for_the_whole_province_alone(officer: Client, declared: Stage, client: Client) -> None:
    assert officer.get(PAGE).status_code == HTTPStatus.OK
    change_grants(declared.staff.data_protection, facility=PHU_MY)
    assert officer.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    client.force_login(declared.staff.officer)
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    client.force_login(declared.staff.lead)
    assert f'href="{PAGE}"' in page_of(client, "/office/registers")
    assert client.get(f"{PAGE}?code=%00").status_code == HTTPStatus.OK


def test_the_way_back_from_ones_own_account_leads_to_ones_own_work(officer: Client) -> None:
    page = page_of(officer, "/office/account")
    assert f'href="{PAGE}"' in page
    assert 'href="/office/"' not in page, "what leads alone may open"
