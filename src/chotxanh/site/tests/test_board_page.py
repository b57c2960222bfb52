"""The live board: the day's numbers by site, stations that fall silent, and a few bytes that say when it changed."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from chotxanh.beside.heard import note_heard
from chotxanh.beside.models import HeardDevice
from chotxanh.domain.kinds import Role
from chotxanh.ledger.worker.loop import Worker
from chotxanh.site.office.board_sites import SILENT_AFTER
from chotxanh.statistics.models import HourAtPost
from tests.cast import (
    ASSISTANT,
    CHAU_DUC,
    DRIVER,
    EVENING,
    PASSENGER,
    PHU_MY,
    QL51,
    QL56,
    RIDER,
    change_grants,
)
from tests.device import Station
from tests.stage import Stage

BOARD, VERSION = "/office/board", "/office/board/version"


@pytest.fixture
def this_evening(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is the evening of the scenario's day."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    return EVENING


@pytest.fixture
def lead(declared: Stage, client: Client, this_evening: datetime) -> Client:
    """A lead's browser, after a positive, a positive pool and a tube without a result."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]), station.collect("BR2", [ASSISTANT, PASSENGER]))
    declared.must_apply(station.collect("BR3", [RIDER]))
    station.minute += 20
    declared.must_apply(station.result("BR1", "positive"), station.result("BR2", "positive"))
    Worker(lambda: EVENING).work_until_idle()
    client.force_login(declared.staff.lead)
    return client


def figures(client: Client) -> list[dict[str, int]]:
    """The numbers of the board with their words: the sum first, then each site."""
    page = client.get(BOARD).content.decode()
    found = re.findall(
        r"<dt>(?:<svg.*?</svg>\s*)?<span>(.*?)</span></dt><dd>(?:<a .*?>)?(\d+)", page, re.DOTALL
    )
    cards: list[dict[str, int]] = []
    for word, number in found:
        if not cards or word in cards[-1]:
            cards.append({})
        cards[-1][word] = int(number)
    return cards


def version(client: Client) -> str:
    """What the board would show, as a few bytes."""
    found: str = client.get(VERSION).json()["version"]
    return found


def test_a_sites_day_stands_in_numbers(lead: Client) -> None:
    total, site, elsewhere = figures(lead)[:3]
    wanted = {
        "Người lấy mẫu": 4,
        "Ống chờ kết quả": 1,
        "Ống quá giờ": 1,
        "Ống có kết quả": 2,
        "Người dương tính": 1,
        "Phải lấy lại mẫu": 2,
        "Giấy đã cấp": 0,
    }
    assert site == wanted
    assert total == wanted | {"Máy im lặng": 0}
    assert set(elsewhere.values()) == {0}, "an open site where nothing happened yet"


def test_colour_stands_only_above_zero(lead: Client) -> None:
    page = lead.get(BOARD).content.decode()
    raised = re.findall(r'<div class="figure is-raised">.*?<dd>(?:<a .*?>)?(\d+)', page, re.DOTALL)
    assert len(raised) == 6
    assert "0" not in raised


def test_a_station_that_falls_silent_is_named_with_what_waits_there(lead: Client, declared: Stage) -> None:
    device = declared.station.id
    note_heard(device, QL51, 0, EVENING)
    assert "đang kết nối" in lead.get(BOARD).content.decode()
    HeardDevice.objects.update(heard_at=EVENING - SILENT_AFTER - timedelta(minutes=4), waiting=12)
    page = lead.get(BOARD).content.decode()
    assert "im lặng 5 phút" in page
    assert "12 mục chờ gửi" in page
    assert figures(lead)[0]["Máy im lặng"] == 1


def test_a_station_whose_shift_has_ended_may_be_switched_off(lead: Client, declared: Stage) -> None:
    declared.must_apply(declared.station.entry("shift.ended", {}))
    note_heard(declared.station.id, QL51, 0, EVENING - timedelta(hours=2))
    assert "hết ca lúc" in lead.get(BOARD).content.decode()
    assert figures(lead)[0]["Máy im lặng"] == 0
    declared.must_apply(declared.station.start_shift(declared.staff.officer))
    assert figures(lead)[0]["Máy im lặng"] == 1


def test_stations_of_one_name_are_two_stations(lead: Client) -> None:
    for _ in range(2):
        station = Station()
        station.enrol()
        note_heard(station.id, QL51, 0, EVENING)
    assert lead.get(BOARD).content.decode().count("đang kết nối") == 2


def test_the_version_changes_with_the_board_and_only_then(lead: Client, declared: Stage) -> None:
    before = version(lead)
    assert version(lead) == before
    assert f'data-version="{before}"' in lead.get(BOARD).content.decode()
    declared.must_apply(declared.station.collect("BR4", [DRIVER]))
    Worker(lambda: EVENING).work_until_idle()
    assert version(lead) != before


def test_numbers_that_lag_behind_say_so(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared.must_apply(declared.station.collect("BR4", [DRIVER]))
    monkeypatch.setattr(timezone, "now", lambda: EVENING + timedelta(seconds=9))
    assert "Số liệu chậm, đúng đến 20:00:00" in lead.get(BOARD).content.decode()
    assert "Số liệu chậm" in lead.get(VERSION).json()["behind"]


def test_without_javascript_the_browser_asks_again(lead: Client) -> None:
    page = lead.get(BOARD).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_a_lead_of_another_facility_sees_none_of_it(declared: Stage, lead: Client, client: Client) -> None:
    note_heard(declared.station.id, QL51, 0, EVENING - timedelta(minutes=5))
    assert figures(lead)[0]["Máy im lặng"] == 1
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=CHAU_DUC)
    client.force_login(member)
    assert {number for card in figures(client) for number in card.values()} == {0}
    assert "QL51" not in client.get(BOARD).content.decode()


def test_a_lead_of_one_facility_counts_the_silent_stations_of_its_sites(
    declared: Stage, lead: Client, client: Client
) -> None:
    elsewhere = Station()
    elsewhere.enrol()
    note_heard(declared.station.id, QL51, 0, EVENING - timedelta(minutes=5))
    note_heard(elsewhere.id, QL56, 0, EVENING - timedelta(minutes=5))
    assert figures(lead)[0]["Máy im lặng"] == 2
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=PHU_MY)
    client.force_login(member)
    assert figures(client)[0]["Máy im lặng"] == 1


def test_a_facilitys_work_at_anothers_site_shows_none_of_that_sites_stations(
    declared: Stage, lead: Client, client: Client
) -> None:
    note_heard(declared.station.id, QL56, 0, EVENING - timedelta(minutes=5))
    HourAtPost.objects.update(site=QL56)
    member = declared.staff.technician
    change_grants(member, role=Role.LEAD, facility=PHU_MY)
    client.force_login(member)
    assert figures(client)[0]["Máy im lặng"] == 0
    assert "im lặng 5 phút" not in client.get(BOARD).content.decode()


def test_an_officer_sees_no_board(stage: Stage, client: Client) -> None:
    client.force_login(stage.staff.officer)
    for address in (BOARD, VERSION):
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN
