"""The office: closed to all but leads; each decision is recorded once and said once."""

import re
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chotxanh.beside.limits import PASSWORDS_OF_ACCOUNT_ELSEWHERE, PASSWORDS_OF_ACCOUNT_HERE
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.models import Entry
from chotxanh.ledger.queries import held_entries
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import new_id
from chotxanh.registers.devices.models import Device, EnrolmentCode
from chotxanh.registers.posts.entries import OPENED
from chotxanh.registers.staff import passwords
from chotxanh.registers.staff.models import Member
from chotxanh.results.queries import disputed_tubes
from chotxanh.site.office import shown_codes
from chotxanh.site.office.known_browsers import COOKIE, asker_of
from tests.cast import CHAU_DUC, DRIVER, MORNING, PASSWORD, PHU_MY, POSTS, QL51, QL56, RIDER
from tests.device import MINUTE, Station, deed_of, id_of
from tests.narrow import BURST, narrow
from tests.stage import Stage

PAGES = (
    "/office/",
    "/office/held",
    "/office/disputed",
    "/office/gaps",
    "/office/devices",
    "/office/errands",
    "/office/calls",
    "/office/board",
    "/office/board/version",
)


@pytest.fixture
def lead(stage: Stage, client: Client) -> Client:
    """The lead's browser, signed in."""
    client.force_login(stage.staff.lead)
    return client


def hold_one(stage: Stage) -> None:
    """An officer collects at a checkpoint where they have no grant: authentic, not allowed."""
    entry = stage.station.collect("ONG9", [DRIVER], facility=CHAU_DUC, post=POSTS[QL56])
    assert stage.record(entry)[0][0] == Answer.HELD


def dispute_one(stage: Stage) -> None:
    """One tube is used for two people, and its results differ."""
    station = stage.station
    stage.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 5
    stage.must_apply(station.collect("ONG1", [RIDER]))
    station.minute += 20
    stage.must_apply(station.result("ONG1", "negative"), station.result("ONG1", "positive"))


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, stage: Stage, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (
        HTTPStatus.SEE_OTHER,
        f"/office/sign-in?next={address}",
    )


@pytest.mark.parametrize("address", PAGES)
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
    typed = {"username": "truong-ca", "password": PASSWORD, "next": "/office/held"}
    assert client.post("/office/sign-in", typed)["Location"] == "/office/held"
    assert client.post("/office/sign-in", typed | {"next": "//evil.example"})["Location"] == "/office/"


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
    assert client.post("/office/sign-in", right).status_code == HTTPStatus.SEE_OTHER
    stranger = Client()
    for _ in range(BURST):
        stranger.post("/office/sign-in", right | {"password": "sai"})
    assert stranger.post("/office/sign-in", right).status_code == HTTPStatus.TOO_MANY_REQUESTS
    client.post("/office/sign-out")
    assert client.post("/office/sign-in", right).status_code == HTTPStatus.SEE_OTHER


def test_a_browser_known_to_one_account_is_none_to_another(client: Client, stage: Stage) -> None:
    set_password(stage.staff.lead)
    client.post("/office/sign-in", {"username": "truong-ca", "password": PASSWORD})
    request = RequestFactory().get("/office/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    assert [asker_of(request, name).is_known for name in ("truong-ca", "can-bo")] == [True, False]
    request.COOKIES[COOKIE] += "x"
    assert not asker_of(request, "truong-ca").is_known


def test_an_officer_cannot_sign_in_at_the_office(client: Client, stage: Stage) -> None:
    set_password(stage.staff.officer)
    answer = client.post("/office/sign-in", {"username": "can-bo", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_press_and_closes_the_office(lead: Client) -> None:
    assert lead.get("/office/sign-out").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    lead.post("/office/sign-out")
    assert lead.get("/office/").status_code == HTTPStatus.SEE_OTHER


def test_a_press_after_the_session_ended_leads_back_to_the_list_and_is_told_to_be_lost(
    lead: Client, stage: Stage
) -> None:
    hold_one(stage)
    set_password(stage.staff.lead)
    entry = held_entries()[0].id
    lead.logout()
    press = {"decision": "admit"}
    answer = lead.post(f"/office/held/{entry}", press, headers={"referer": "http://testserver/office/held"})
    assert answer["Location"] == "/office/sign-in?next=/office/held&lost=1"
    assert "chưa được ghi" in lead.get(answer["Location"]).content.decode()
    typed = {"username": "truong-ca", "password": PASSWORD, "next": "/office/held", "lost": "1"}
    assert lead.post("/office/sign-in", typed)["Location"] == "/office/held"
    assert re.search(
        r'class="said said-wait"[^>]*>[^<]*chưa được ghi', lead.get("/office/held").content.decode()
    )
    assert "chưa được ghi" not in lead.get("/office/held").content.decode()
    assert [each.id for each in held_entries()] == [entry]


def test_a_press_from_elsewhere_leads_to_the_offices_first_page(client: Client, stage: Stage) -> None:
    answer = client.post("/office/devices", headers={"referer": "https://evil.example/verify"})
    assert answer["Location"] == "/office/sign-in?next=/office/&lost=1"


def test_the_address_of_a_decision_opened_by_itself_leads_to_the_list(lead: Client) -> None:
    assert lead.get(f"/office/held/{uuid4()}")["Location"] == "/office/held"


def test_admitting_a_held_entry_applies_it_and_says_so_once(lead: Client, stage: Stage) -> None:
    hold_one(stage)
    entry = held_entries()[0].id
    assert "Lấy mẫu" in lead.get("/office/held").content.decode()
    lead.post(f"/office/held/{entry}", {"decision": "admit"})
    assert "Đã nhận bản ghi" in lead.get("/office/held").content.decode()
    assert "Đã nhận bản ghi" not in lead.get("/office/held").content.decode()
    assert Entry.objects.get(id=entry).answer == Answer.APPLIED


def test_refusing_a_held_entry_leaves_it_out(lead: Client, stage: Stage) -> None:
    hold_one(stage)
    entry = held_entries()[0].id
    lead.post(f"/office/held/{entry}", {"decision": "refuse"})
    assert held_entries() == []
    assert Entry.objects.get(id=entry).answer == Answer.HELD


def test_a_lead_reads_why_it_is_held_in_a_leads_words(lead: Client, stage: Stage) -> None:
    hold_one(stage)
    page = lead.get("/office/held").content.decode()
    assert "Nhận nếu người đó được điều tới thật" in page


def test_an_entry_that_waits_for_its_shift_says_so_and_settles_by_itself(lead: Client, stage: Stage) -> None:
    station = Station()
    station.enrol()
    shift = station.start_shift(stage.staff.officer)
    assert stage.record(station.collect("ONG9", [DRIVER])) == [(Answer.HELD, "actor_unproven")]
    assert "Đang chờ bản ghi vào ca" in lead.get("/office/held").content.decode()
    stage.must_apply(shift)
    assert "Đang chờ bản ghi vào ca" not in lead.get("/office/held").content.decode()


def test_what_only_waits_for_its_shift_comes_after_what_needs_a_decision(stage: Stage) -> None:
    station = Station()
    station.enrol()
    station.start_shift(stage.staff.officer)
    assert stage.record(station.collect("ONG9", [DRIVER])) == [(Answer.HELD, "actor_unproven")]
    stage.now += MINUTE
    hold_one(stage)
    assert [entry.is_waiting for entry in held_entries()] == [False, True]


def test_what_no_lead_decides_is_counted_in_one_line_and_cannot_be_decided(
    lead: Client, stage: Stage
) -> None:
    station = stage.station
    Device.objects.filter(id=station.id).update(revoked_at=stage.now)
    nothing_follows = [station.measure_clock(), station.entry("shift.ended", {})]
    unknown = station.entry("tube.lost", {})
    answers = stage.record(*nothing_follows, unknown, station.collect("ONG9", [DRIVER]))
    assert {answer for answer, _ in answers} == {Answer.HELD}
    assert [entry.kind for entry in held_entries()] == ["specimen.collected"]
    assert "còn 3 bản ghi đang giữ mà không cần ai quyết định" in lead.get("/office/held").content.decode()
    for entry in (*nothing_follows, unknown):
        answer = lead.post(f"/office/held/{id_of(entry)}", {"decision": "admit"})
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_an_entry_decided_twice_is_told_so(lead: Client, stage: Stage) -> None:
    hold_one(stage)
    entry = held_entries()[0].id
    lead.post(f"/office/held/{entry}", {"decision": "refuse"})
    answer = lead.post(f"/office/held/{entry}", {"decision": "admit"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert lead.post(f"/office/held/{uuid4()}", {"decision": "admit"}).status_code == HTTPStatus.NOT_FOUND


def word(about: str, stands: object, at: str = "") -> dict[str, str]:
    return {"facility": PHU_MY, "tube": "ONG1", "about": about, "stands": str(stands), "confirm_time": at}


def test_a_disputed_tube_is_settled_by_two_words(lead: Client, stage: Stage) -> None:
    dispute_one(stage)
    tube = disputed_tubes(None)[0]
    page = lead.get("/office/disputed").content.decode()
    assert "Mã ống được dùng hai lần" in page
    assert "Có hai kết quả khác nhau" in page
    lead.post("/office/disputed", word("collection", tube.collections[0].id))
    lead.post("/office/disputed", word("result", tube.results[0].id, "08:40 25/07/2021"))
    assert disputed_tubes(None) == []


@pytest.mark.parametrize("at", ["25/07", "08:61 25/07/2021", "08:40 31/02/2021", "08:40 25/07/2121"])
def test_a_time_that_cannot_be_is_refused_and_kept_on_the_page(lead: Client, stage: Stage, at: str) -> None:
    dispute_one(stage)
    tube = disputed_tubes(None)[0]
    answer = lead.post("/office/disputed", word("result", tube.results[0].id, at))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'value="{at}"' in answer.content.decode()
    assert disputed_tubes(None)


def test_a_word_without_a_choice_settles_nothing(lead: Client, stage: Stage) -> None:
    dispute_one(stage)
    assert (
        lead.post("/office/disputed", word("collection", "")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    )
    assert lead.post("/office/disputed", {}).status_code == HTTPStatus.NOT_FOUND


def test_people_in_a_disputed_tube_are_masked(lead: Client, stage: Stage) -> None:
    dispute_one(stage)
    assert DRIVER.full_name not in lead.get("/office/disputed").content.decode()


def test_two_samplings_at_one_post_are_told_apart_by_second_lane_and_device(
    lead: Client, stage: Stage
) -> None:
    other = Station(minute=stage.station.minute + 1 / 6)
    other.enrol()
    Device.objects.filter(id=other.id).update(name="Máy bàn làn 2")
    stage.must_apply(stage.station.collect("ONG1", [DRIVER]))
    second = deed_of("post.opened", OPENED.example | {"site": QL51, "name": "Làn 2"}, id=new_id())
    stage.must_apply(sign_deed(second, MORNING))
    stage.must_apply(other.start_shift(stage.staff.officer), other.collect("ONG1", [RIDER], post=second.id))
    page = lead.get("/office/disputed").content.decode()
    assert "Làn 1, Máy trạm" in page
    assert "Làn 2, Máy bàn làn 2" in page
    assert "08:00:00 25/07/2021" in page
    assert "08:00:10 25/07/2021" in page


def test_missing_running_numbers_are_named(lead: Client, stage: Stage) -> None:
    stage.station.seq += 3
    stage.must_apply(stage.station.collect("ONG2", [DRIVER]))
    assert "Máy trạm" in lead.get("/office/gaps").content.decode()


def test_an_enrolment_code_is_shown_to_who_asked_for_it_and_only_its_digest_is_kept(
    lead: Client, stage: Stage
) -> None:
    answer = lead.post("/office/devices", {"device_name": "Máy tính <QL51>"})
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
    lead.post("/office/devices", {"device_name": "Máy tính"})
    assert "enrolment-code" not in lead.get("/office/devices").content.decode()


def test_a_device_needs_a_name(lead: Client) -> None:
    assert lead.post("/office/devices", {"device_name": " "}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_device_is_revoked_after_a_second_look(lead: Client, stage: Stage) -> None:
    address = f"/office/devices/{stage.station.id}/revoke"
    assert "Máy trạm" in lead.get(address).content.decode()
    assert Device.objects.get(id=stage.station.id).revoked_at is None
    lead.post(address)
    assert Device.objects.get(id=stage.station.id).revoked_at is not None
    assert lead.get(address).status_code == HTTPStatus.NOT_FOUND


def test_a_forged_press_is_refused_in_plain_words(stage: Stage, settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = "chotxanh.site.failures.csrf_refused"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(stage.staff.lead)
    answer = strict.post("/office/devices", {"name": "x"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "tải lại trang rồi làm lại" in answer.content.decode()
    assert not EnrolmentCode.objects.exists()
