"""The data protection officer comes into the office and finds everything from one page, and nothing else."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.access_log import AT_STATION, note_access
from chotxanh.domain.names import mask_name
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.models import Registration
from chotxanh.people.queries import details_of
from chotxanh.registers.incidents.models import Incident
from chotxanh.registers.posts.models import Post
from chotxanh.site.look_lines import FEED, purpose_words
from chotxanh.site.office import calls, contacts, disputed_tube, followups
from chotxanh.site.office.entering import first_page
from chotxanh.site.office.people import FULL_LOOK, LOOK
from chotxanh.site.office.registers.views import REGISTERS
from chotxanh.site.office.urls import urlpatterns
from tests.cast import DRIVER, EVENING, PHU_MY, QL51, RIDER, TRAVELLERS, change_grants
from tests.device import deed_of
from tests.stage import Stage

PAGE = "/office/protection"
OPEN = {"office_protection", "office_account", "office_kept_codes", "office_password", "office_sign_in"}
OPEN |= {"office_people"}
# Of every register, what the officer may: the deeds that the kinds allow, and what the page rests on.
REGISTERS_OPEN = {"incidents": "writes", "retention": "reads", "notices": "reads"}
INCIDENT = {
    "incident_what": "lost",
    "noticed_at": "08:00 25/07/2021",
    "incident_people": "3",
    "incident_document": "",
}


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


def test_of_the_registers_only_those_of_data_are_open_and_of_these_incidents_alone_to_be_written(
    officer: Client,
) -> None:
    for name in REGISTERS:
        address, may = f"/office/registers/{name}", REGISTERS_OPEN.get(name)
        answer = officer.get(address)
        assert answer.status_code == (HTTPStatus.OK if may else HTTPStatus.FORBIDDEN), name
        assert ('id="add"' in answer.content.decode()) is (may == "writes"), name
        pressed = officer.post(address, INCIDENT).status_code
        assert pressed == (HTTPStatus.SEE_OTHER if may == "writes" else HTTPStatus.FORBIDDEN), name
        acted = officer.post(f"{address}/{DRIVER.code}", {"act": "incident_told", "sure": "1"}).status_code
        assert acted == (HTTPStatus.NOT_FOUND if may == "writes" else HTTPStatus.FORBIDDEN), name
    assert officer.get("/office/registers").status_code == HTTPStatus.FORBIDDEN


def test_the_officer_records_an_incident_and_what_was_done_about_it(officer: Client, declared: Stage) -> None:
    address = "/office/registers/incidents"
    officer.post(address, INCIDENT)
    incident = Incident.objects.get()
    for act in ("incident_reported", "incident_told", "incident_closed"):
        assert officer.post(f"{address}/{incident.id}", {"act": act, "sure": "1"}).status_code == 303
    incident.refresh_from_db()
    assert None not in (incident.reported_at, incident.told_at, incident.closed_at)
    said = Entry.objects.filter(kind__startswith="incident.")
    assert {(each.actor, each.answer) for each in said} == {(declared.staff.data_protection.id, "applied")}


def test_the_officer_finds_a_person_masked_reads_who_looked_and_erases_on_request(
    officer: Client, declared: Stage
) -> None:
    driver = Registration.objects.get(person_code=DRIVER.code)
    page = f"/office/people/{driver.id}"
    assert officer.post("/office/people", {"sought": DRIVER.code})["Location"] == page
    shown = page_of(officer, page)
    assert mask_name(DRIVER.full_name) in shown
    assert DRIVER.full_name not in shown
    for act in ("correct", "link", "unlink"):
        assert f"{page}/{act}" not in shown
        assert officer.get(f"{page}/{act}").status_code == HTTPStatus.FORBIDDEN
        assert officer.post(f"{page}/{act}", {}).status_code == HTTPStatus.FORBIDDEN
    assert officer.post(page).status_code == HTTPStatus.FORBIDDEN, "nothing is shown unmasked"
    assert declared.staff.data_protection.full_name in page_of(officer, f"{page}/looks"), "this look too"
    assert officer.post(f"{page}/erase", {"erasure_basis": "request"}).status_code == HTTPStatus.SEE_OTHER
    assert details_of(driver.id) is None
    assert Entry.objects.filter(kind="personal.erased", actor=declared.staff.data_protection.id).exists()


def test_every_page_of_the_officer_leads_only_to_what_is_open_to_them(
    officer: Client, declared: Stage
) -> None:
    driver = Registration.objects.get(person_code=DRIVER.code)
    officer.post("/office/registers/incidents", INCIDENT)
    pages = [PAGE, "/office/people", f"/office/people/{driver.id}", f"/office/people/{driver.id}/erase"]
    pages += [f"/office/people/{driver.id}/looks", *(f"/office/registers/{name}" for name in REGISTERS_OPEN)]
    seen = {link for page in pages for link in re.findall(r'href="(/office[^"#]*)', page_of(officer, page))}
    refused = [each for each in sorted(seen) if officer.get(each).status_code not in (200, 303)]
    assert refused == []
    wanted = {"/office/people", *(f"/office/registers/{name}" for name in REGISTERS_OPEN)}
    assert wanted <= set(re.findall(r'href="(/office[^"#]*)', page_of(officer)))


def test_an_officer_of_one_place_finds_nobody_and_reads_no_register(officer: Client, declared: Stage) -> None:
    driver = Registration.objects.get(person_code=DRIVER.code)
    change_grants(declared.staff.data_protection, facility=PHU_MY)
    pages = ["/office/people", f"/office/people/{driver.id}", f"/office/people/{driver.id}/erase"]
    pages += [f"/office/people/{driver.id}/looks", *(f"/office/registers/{name}" for name in REGISTERS_OPEN)]
    for page in pages:
        assert officer.get(page).status_code == HTTPStatus.FORBIDDEN, page
        assert officer.post(page, INCIDENT).status_code in (403, 405), page


def test_cards_sent_ahead_are_told_by_the_name_of_their_site_and_how_many(
    officer: Client, declared: Stage
) -> None:
    note_access(declared.staff.officer.id, f"{QL51}:2:b4c5d6", "feed", EVENING - timedelta(hours=1))
    page = page_of(officer)
    (name,) = set(Post.objects.filter(site=QL51).values_list("site_name", flat=True))
    assert f"Thẻ chuyển sẵn đến máy chốt {name}: 2 thẻ" in page
    assert "b4c5d6" not in page
    assert "Việc khác" not in page


def test_every_purpose_that_is_written_down_has_its_words() -> None:
    purposes = {LOOK, FULL_LOOK, FEED, AT_STATION, "person_card"}
    purposes |= {calls.PURPOSE, contacts.PURPOSE, disputed_tube.PURPOSE, followups.PURPOSE}
    other = purpose_words("")
    assert [each for each in purposes if purpose_words(each) == other] == []
