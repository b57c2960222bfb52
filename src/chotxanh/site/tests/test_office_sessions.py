"""Sessions of the office: over in time, ended by their owner, and not to be had from a dump (B10)."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from chotxanh.beside.models import OfficeSession
from chotxanh.registers.devices.models import Device, Session
from chotxanh.site.office.browsers import browser_named
from tests.cast import PASSWORD
from tests.stage import Stage

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0 Safari/537.36"


def move(ago: timedelta, *columns: str) -> None:
    """Let sessions have begun, or been used last, so long ago."""
    OfficeSession.objects.update(**dict.fromkeys(columns, timezone.now() - ago))


def is_open(client: Client, address: str = "/office/") -> bool:
    return client.get(address).status_code == HTTPStatus.OK


def another(stage: Stage) -> Client:
    client = Client(headers={"User-Agent": WINDOWS})
    client.force_login(stage.staff.lead)
    return client


def station_session(stage: Stage) -> Session:
    device = Device.objects.get(id=stage.station.id)
    expires_at = timezone.now() + timedelta(hours=1)
    return Session.objects.create(
        digest=b"x" * 32, device=device, member=stage.staff.lead, expires_at=expires_at
    )


def test_the_office_closes_where_nobody_pressed_anything_for_half_an_hour(lead: Client) -> None:
    move(configured.OFFICE_IDLE_LIFE - timedelta(minutes=1), "seen_at")
    assert is_open(lead)
    move(configured.OFFICE_IDLE_LIFE, "seen_at")
    assert not is_open(lead)
    assert not OfficeSession.objects.exists()


def test_every_press_keeps_it_open_but_for_no_longer_than_half_a_day(lead: Client) -> None:
    for _ in range(3):
        move(configured.OFFICE_IDLE_LIFE - timedelta(minutes=1), "seen_at")
        assert is_open(lead)
    move(configured.OFFICE_SESSION_LIFE, "began_at")
    assert not is_open(lead)


def test_the_board_on_a_wall_stays_open_and_opens_nothing_else(lead: Client) -> None:
    move(configured.OFFICE_IDLE_LIFE, "seen_at")
    assert is_open(lead, "/office/board") and is_open(lead, "/office/board/version")
    assert not is_open(lead)
    assert not is_open(lead, "/office/board")


def test_a_dump_opens_no_session_and_tells_nothing_of_it(lead: Client, stage: Stage) -> None:
    lead.post("/office/sign-out-nothing")
    key = lead.cookies[configured.SESSION_COOKIE_NAME].value
    row = OfficeSession.objects.get()
    kept = bytes(row.digest) + bytes(row.sealed)
    assert key.encode() not in kept
    assert str(stage.staff.lead.id).encode() not in kept
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = bytes(row.digest).hex()
    assert not is_open(thief)


def test_a_session_that_no_key_opens_any_more_is_over(lead: Client) -> None:
    OfficeSession.objects.update(sealed=b"\x00\x07" + b"x" * 40)
    assert not is_open(lead)


def test_signing_out_ends_the_session_on_the_server(lead: Client) -> None:
    cookie = lead.cookies[configured.SESSION_COOKIE_NAME].value
    lead.post("/office/sign-out")
    lead.cookies[configured.SESSION_COOKIE_NAME] = cookie
    assert not is_open(lead)


def test_b10_a_new_password_ends_every_session_and_every_stations_token(lead: Client, stage: Stage) -> None:
    stage.staff.lead.set_password(PASSWORD)
    stage.staff.lead.save()
    first, second = another(stage), another(stage)
    station_session(stage)
    own = "mot cau that dai"
    typed = {"username": stage.staff.lead.username, "old_password": PASSWORD}
    Client().post("/office/password", typed | {"new_password": own, "new_password_again": own})
    assert not is_open(first) and not is_open(second)
    assert not OfficeSession.objects.filter(member=stage.staff.lead.id).exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("act", ["renew_password", "let_go"])
def test_b10_a_lead_who_takes_a_password_or_a_role_away_ends_every_session(
    lead: Client, stage: Stage, act: str
) -> None:
    officer = Client()
    officer.force_login(stage.staff.officer)
    lead.post(f"/office/registers/staff/{stage.staff.officer.id}", {"act": act, "sure": "1"})
    assert not OfficeSession.objects.filter(member=stage.staff.officer.id).exists()


def test_ones_own_sessions_are_listed_and_ended_one_by_one(lead: Client, stage: Stage) -> None:
    other = another(stage)
    token = station_session(stage)
    stranger = Client()
    stranger.force_login(stage.staff.physician)
    page = lead.get("/office/account").content.decode()
    assert "Máy trạm" in page and page.count("Đăng xuất nơi này</button>") == 2
    theirs = OfficeSession.objects.get(member=stage.staff.physician.id)
    lead.post(f"/office/account/end/{theirs.id}")
    assert is_open(stranger, "/office/account")
    row = OfficeSession.objects.filter(member=stage.staff.lead.id).latest("began_at")
    lead.post(f"/office/account/end/{row.id}")
    assert is_open(lead) and not is_open(other)
    lead.post(f"/office/account/end/station:{token.id}")
    assert not Session.objects.exists()


def test_all_others_end_with_one_press(lead: Client, stage: Stage) -> None:
    others = [another(stage) for _ in range(3)]
    station_session(stage)
    lead.post("/office/account/end/others")
    assert is_open(lead) and not any(map(is_open, others))
    assert not Session.objects.exists()


def test_a_browser_is_called_what_people_call_it() -> None:
    assert browser_named(WINDOWS) == "Chrome, Windows"
    assert (
        browser_named("Mozilla/5.0 (iPhone; CPU iPhone OS 14_6) Version/14.1 Safari/604.1")
        == "Safari, iPhone"
    )
    assert browser_named("curl/7") == ""
