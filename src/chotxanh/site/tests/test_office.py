"""The office: closed to all but leads; a press that came too late is told to be lost; devices come and go."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chotxanh.beside.heard import note_heard
from chotxanh.beside.limits import PASSWORDS_OF_ACCOUNT_ELSEWHERE, PASSWORDS_OF_ACCOUNT_HERE
from chotxanh.ledger.held import to_decide
from chotxanh.registers.devices.models import Device, EnrolmentCode
from chotxanh.registers.staff import passwords
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.registers.staff.models import Member
from chotxanh.site.office import shown_codes
from chotxanh.site.office.known_browsers import COOKIE, asker_of
from tests.cast import PASSWORD, QL51
from tests.entering import enter
from tests.narrow import BURST, narrow
from tests.stage import Stage
from tests.troubles import hold, new_station

PAGES = (
    "/office/",
    "/office/held",
    "/office/disputed",
    "/office/gaps",
    "/office/clocks",
    "/office/invalid",
    "/office/devices",
    "/office/errands",
    "/office/calls",
    "/office/people",
    "/office/board",
    "/office/board/version",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, stage: Stage, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (
        HTTPStatus.SEE_OTHER,
        f"/office/sign-in?next={address}",
    )


@pytest.mark.parametrize("address", PAGES[1:])  # the first leads on to what is theirs
def test_an_officer_is_no_lead(client: Client, stage: Stage, address: str) -> None:
    client.force_login(stage.staff.officer)
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("address", PAGES)
def test_a_lead_sees_what_waits_and_nothing_is_cached(lead: Client, address: str) -> None:
    answer = lead.get(address)
    assert answer.status_code == HTTPStatus.OK
    assert answer["Cache-Control"] == "no-store"


def set_password(member: Member) -> None:
    member.set_password(PASSWORD)
    member.save()


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, stage: Stage) -> None:
    set_password(stage.staff.lead)
    assert enter(client, stage.staff.lead, next="/office/held") == "/office/held"
    assert enter(client, stage.staff.lead, next="//evil.example") == "/office/"


def test_a_wrong_password_is_told_without_saying_which_part(client: Client, stage: Stage) -> None:
    set_password(stage.staff.lead)
    for username in ("truong-ca", "khong-co"):
        answer = client.post("/office/sign-in", {"username": username, "password": "sai"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in answer.content.decode()


def test_a_lead_signs_in_where_they_did_before_while_strangers_guess(
    client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_HERE)
    narrow(monkeypatch, passwords, PASSWORDS_OF_ACCOUNT_ELSEWHERE)
    set_password(stage.staff.lead)
    right = {"username": "truong-ca", "password": PASSWORD}
    assert enter(client, stage.staff.lead) == "/office/"
    stranger = Client()
    for _ in range(BURST):
        stranger.post("/office/sign-in", right | {"password": "sai"})
    assert stranger.post("/office/sign-in", right).status_code == HTTPStatus.TOO_MANY_REQUESTS
    client.post("/office/sign-out")
    assert client.post("/office/sign-in", right).status_code == HTTPStatus.SEE_OTHER


def test_a_browser_known_to_one_account_is_none_to_another(client: Client, stage: Stage) -> None:
    set_password(stage.staff.lead)
    enter(client, stage.staff.lead)
    request = RequestFactory().get("/office/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    assert [asker_of(request, name).is_known for name in ("truong-ca", "can-bo")] == [True, False]
    request.COOKIES[COOKIE] += "x"
    assert not asker_of(request, "truong-ca").is_known


def test_an_officer_signs_in_at_the_office_for_corrections_alone(client: Client, stage: Stage) -> None:
    """They may be the second account of a correction (field rule A1); every other page is a lead's."""
    set_password(stage.staff.officer)
    answer = client.post("/office/sign-in", {"username": "can-bo", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, "/office/corrections")
    assert client.get("/office/board").status_code == HTTPStatus.FORBIDDEN


def test_who_protects_data_signs_in_and_sees_nothing_of_the_leads(client: Client, stage: Stage) -> None:
    set_password(stage.staff.data_protection)
    answer = client.post("/office/sign-in", {"username": "bao-ve", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    client.force_login(stage.staff.data_protection)
    assert client.get("/office/board").status_code == HTTPStatus.FORBIDDEN


def test_signing_out_needs_a_press_and_closes_the_office(lead: Client) -> None:
    assert lead.get("/office/sign-out")["Location"] == "/office/"
    assert lead.get("/office/").status_code == HTTPStatus.OK
    lead.post("/office/sign-out")
    assert lead.get("/office/").status_code == HTTPStatus.SEE_OTHER


def test_b12_a_press_after_the_session_ended_leads_back_to_the_list_and_is_told_to_be_lost(
    lead: Client, stage: Stage
) -> None:
    hold(stage)
    set_password(stage.staff.lead)
    entry = to_decide(WHOLE_PROVINCE)[0].id
    lead.logout()
    press = {"decision": "admit", "grounds": "other"}
    answer = lead.post(f"/office/held/{entry}", press, headers={"referer": "http://testserver/office/held"})
    assert answer["Location"] == "/office/sign-in?next=/office/held&lost=1"
    assert "chưa được ghi" in lead.get(answer["Location"]).content.decode()
    assert enter(lead, stage.staff.lead, next="/office/held", lost="1") == "/office/held"
    assert re.search(
        r'class="said said-wait"[^>]*>[^<]*chưa được ghi', lead.get("/office/held").content.decode()
    )
    assert "chưa được ghi" not in lead.get("/office/held").content.decode()
    assert [each.id for each in to_decide(WHOLE_PROVINCE)] == [entry]


def test_a_press_from_elsewhere_leads_to_the_offices_first_page(client: Client, stage: Stage) -> None:
    answer = client.post("/office/devices", headers={"referer": "https://evil.example/verify"})
    assert answer["Location"] == "/office/sign-in?next=/office/&lost=1"


def test_an_enrolment_code_is_shown_to_who_asked_for_it_and_only_its_digest_is_kept(
    lead: Client, stage: Stage
) -> None:
    answer = lead.post("/office/devices", {"device_name": "Máy tính <QL51>", "device_place": f"site:{QL51}"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, "/office/devices")
    lead.post("/language/en", {"next": "/office/devices"})
    page = lead.get("/office/devices").content.decode()
    code = re.findall(r'class="enrolment-code">([0-9A-Z ]+)<', page)
    assert "Máy tính &lt;QL51&gt;" in page
    assert EnrolmentCode.objects.count() == len(code) == 1
    kept = str(dict(lead.session))
    assert code[0] not in kept
    assert code[0].replace(" ", "") not in kept
    other = Client()
    other.force_login(stage.staff.lead)
    assert "enrolment-code" not in other.get("/office/devices").content.decode()


def test_an_enrolment_code_leaves_the_screen_after_a_while(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_codes, "SHOWN_FOR", timedelta(0))
    lead.post("/office/devices", {"device_name": "Máy tính", "device_place": "province"})
    assert "enrolment-code" not in lead.get("/office/devices").content.decode()


def test_devices_say_when_they_were_last_heard_those_in_use_first(lead: Client, stage: Stage) -> None:
    lost = new_station(stage, "A: máy đã mất")
    Device.objects.filter(id=lost.id).update(revoked_at=stage.now)
    note_heard(stage.station.id, QL51, 3, stage.now)
    page = lead.get("/office/devices").content.decode()
    assert page.index("Máy trạm") < page.index("A: máy đã mất")
    assert "liên lạc lần cuối 20:00 25/07/2021, 3 mục chờ gửi" in page
    assert "chưa từng liên lạc" in page


def test_a_device_needs_a_name(lead: Client) -> None:
    assert lead.post("/office/devices", {"device_name": " "}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_device_is_revoked_after_a_second_look(lead: Client, stage: Stage) -> None:
    address = f"/office/devices/{stage.station.id}/revoke"
    assert "Máy trạm" in lead.get(address).content.decode()
    assert Device.objects.get(id=stage.station.id).revoked_at is None
    lead.post(address, {"revoked_for": "lost"})
    assert Device.objects.get(id=stage.station.id).revoked_at is not None
    assert lead.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_form_of_another_window_leads_to_its_page_after_signing_in_here(
    stage: Stage, settings: Settings
) -> None:
    """Signing in ends the forms of every other window; the only way on led to the public's first page."""
    settings.CSRF_FAILURE_VIEW = "chotxanh.site.failures.csrf_refused"
    stage.staff.lead.is_demonstration = True  # is asked for no code
    set_password(stage.staff.lead)
    browser = Client(enforce_csrf_checks=True)
    typed = {"username": stage.staff.lead.username, "password": PASSWORD, "next": "/office/held"}
    tokens = [browser.get("/office/sign-in").context["csrf_token"] for _ in ("one window", "another window")]
    assert browser.post("/office/sign-in", typed | {"csrfmiddlewaretoken": str(tokens[0])})["Location"]
    answer = browser.post("/office/sign-in", typed | {"csrfmiddlewaretoken": str(tokens[1])})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert '<a class="button" href="/office/held">Mở lại trang</a>' in answer.content.decode()
    pressed = browser.post("/office/devices", headers={"referer": "http://testserver/office/devices"})
    assert 'href="/office/devices">Mở lại trang</a>' in pressed.content.decode()


def test_a_forged_press_is_refused_in_plain_words(stage: Stage, settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = "chotxanh.site.failures.csrf_refused"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(stage.staff.lead)
    answer = strict.post("/office/devices", {"name": "x"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "mở lại trang rồi làm lại" in answer.content.decode()
    assert not EnrolmentCode.objects.exists()
