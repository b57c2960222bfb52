"""What never counts is shown and counted; a number used twice is an alarm that stands first."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.language.texts import catalogue
from chotxanh.ledger.models import ALARMING, SetAside
from chotxanh.registers.devices.models import Device
from chotxanh.site.office import paging
from chotxanh.site.office.held import kind_word
from tests.cast import CHAU_DUC, PHU_MY, QL51, RIDER, change_grants
from tests.device import MINUTE
from tests.stage import Stage
from tests.troubles import new_station, reject, reuse_id, reuse_number

PAGE = "/office/invalid"


def page_of(client: Client, address: str = PAGE) -> str:
    """A page's text."""
    return client.get(address).content.decode()


def numbers_on(client: Client) -> list[bool]:
    """Whether the overview raises the alarm, counts one device with alarms, and one entry that never counts."""
    page = page_of(client, "/office/")
    return [
        'class="is-raised"' in page,
        f'<a href="{PAGE}#alarms"><b>1</b>' in page,
        f'<a href="{PAGE}"><b>1</b>' in page,
    ]


def test_b7_an_entry_rejected_for_its_payload_is_shown_and_counted(lead: Client, stage: Stage) -> None:
    """B7: nobody saw it, and the overview stayed green."""
    reject(stage)
    assert numbers_on(lead) == [False, False, True]
    page = page_of(lead)
    assert "<b>1</b> Sai nội dung" in page
    for word in (kind_word("specimen.collected"), "Nhân viên 1", "Máy trạm", "20:00 25/07/2021"):
        assert word in page
    assert catalogue()["problem.pool_empty"]["vi"] in page


def test_what_was_set_aside_is_counted_beside_it(lead: Client, stage: Stage) -> None:
    stage.record(b"not an entry")
    assert numbers_on(lead) == [False, False, True]
    assert "<b>1</b> Không xác thực được" in page_of(lead)


@pytest.mark.parametrize("reuse", [reuse_number, reuse_id])
def test_b7_a_number_used_twice_is_an_alarm_that_stands_first_and_says_what_to_do(
    lead: Client, stage: Stage, reuse: Callable[[Stage], None]
) -> None:
    """B7: a reused id raised no alarm."""
    reuse(stage)
    assert numbers_on(lead) == [True, True, False]
    page = page_of(lead)
    assert page.index("Cảnh báo") < page.index("Sai nội dung")
    assert "hai máy đang dùng chung một kho dữ liệu" in page
    assert "có người lấy được khóa của máy và ghi giả" in page
    assert f'href="/office/devices/{stage.station.id}/revoke"' in page


def test_a_log_that_another_device_writes_in_is_an_alarm(lead: Client, stage: Stage) -> None:
    forger = new_station(stage, "Máy khác")
    forger.log, forger.seq = stage.station.log, 50
    answers = stage.record(forger.collect("LA", [RIDER]))
    assert answers == [("rejected", "log_of_another_device")]
    assert numbers_on(lead)[0]


def test_alarms_are_told_by_device_with_how_many_of_each(lead: Client, stage: Stage) -> None:
    for _ in range(3):
        reuse_number(stage)
    reuse_id(stage)
    page = page_of(lead)
    assert "Trùng số thứ tự: 3 lần" in page
    assert "Trùng mã bản ghi: 1 lần" in page
    assert numbers_on(lead) == [True, True, False], "one device, however often"


def shown_on(page: str) -> dict[str, str]:
    """What a browser sends of the first alarm on a page."""
    return {"last_at": re.findall(r'name="last_at" value="([^"]+)"', page)[0]}


def test_an_alarm_that_came_while_the_page_stood_open_stays_new(lead: Client, stage: Stage) -> None:
    """Whoever looked into the first had looked into the second too, and nobody ever did."""
    reuse_number(stage)
    page = page_of(lead)
    stage.now += MINUTE
    reuse_number(stage)
    shown = re.findall(r'name="last_at" value="([^"]+)"', page)
    lead.post(f"{PAGE}/{stage.station.id}/looked-into", {"last_at": "".join(shown)})
    assert SetAside.objects.filter(looked_into_at=None).count() == 1
    assert numbers_on(lead) == [True, True, False]


@pytest.mark.parametrize("last_at", ["", "hom-nay", "0001-01-01T00:00:00+14:00"])
def test_a_form_that_does_not_say_which_alarms_it_showed_notes_nothing(
    lead: Client, stage: Stage, last_at: str
) -> None:
    reuse_number(stage)
    answer = lead.post(f"{PAGE}/{stage.station.id}/looked-into", {"last_at": last_at})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert SetAside.objects.filter(looked_into_at=None).exists()


def test_an_alarm_that_was_looked_into_is_kept_and_counted_no_longer(lead: Client, stage: Stage) -> None:
    reuse_number(stage)
    address = f"{PAGE}/{stage.station.id}/looked-into"
    assert lead.post(address, shown_on(page_of(lead)))["Location"] == PAGE
    assert numbers_on(lead) == [False, False, False]
    assert "Trùng số thứ tự: 1 lần" in page_of(lead)
    assert SetAside.objects.get().looked_into_by == stage.staff.lead.id
    later = {"last_at": stage.now.isoformat(), "window": "another"}
    assert lead.post(address, later).status_code == HTTPStatus.NOT_FOUND
    reuse_number(stage)
    assert numbers_on(lead) == [True, True, False], "a new one is an alarm again"


def test_new_alarms_stand_above_those_that_were_looked_into(lead: Client, stage: Stage) -> None:
    other = new_station(stage, "Máy hai")
    stage.must_apply(other.start_shift(stage.staff.officer))
    reuse_number(stage)
    lead.post(f"{PAGE}/{stage.station.id}/looked-into", shown_on(page_of(lead)))
    stage.now = stage.now.replace(hour=1)
    reuse_number(stage, other)
    page = page_of(lead)
    assert page.index("Máy hai") < page.index("Máy trạm")


def test_b8_nothing_is_cut_without_a_word(lead: Client, stage: Stage) -> None:
    """B8: what was set aside was cut at 200."""
    reject(stage, 260)
    stage.record(*(f"rác {number}".encode() for number in range(255)))
    page = page_of(lead)
    assert "<b>260</b> Sai nội dung" in page
    assert "<b>255</b> Không xác thực được" in page
    assert page.count(catalogue()["problem.pool_empty"]["vi"]) == 1, "like stands with like"


def test_what_was_rejected_is_paged_by_device_officer_and_reason(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 1)
    reject(stage, 3)
    stage.now += MINUTE
    assert stage.record(stage.station.entry("person.registered", {})) == [("rejected", "payload_invalid")]
    first, second = page_of(lead), page_of(lead, f"{PAGE}?rejected=2")
    assert catalogue()["problem.payload_invalid"]["vi"] in first
    assert "Lấy mẫu: 3 bản ghi" in second


def test_every_problem_that_alarms_is_known_and_has_its_words(stage: Stage) -> None:
    for code in ALARMING:
        assert Problem(code).status
        assert f"office.alarm.{code}" in catalogue()


@pytest.mark.parametrize(("site", "is_theirs"), [(QL51, True), ("ql56-chau-duc", False)])
def test_a_lead_of_one_site_sees_what_its_devices_sent(
    stage: Stage, client: Client, site: str, is_theirs: bool
) -> None:
    """B5: lists show a lead what is theirs."""
    Device.objects.filter(id=stage.station.id).update(facility=PHU_MY, site=QL51)
    reject(stage)
    reuse_number(stage)
    stage.record(b"from nobody")
    member = stage.staff.technician
    facility = CHAU_DUC if site != QL51 else "ttyt-phu-my"
    change_grants(member, role=Role.LEAD, facility=facility, site=site)
    client.force_login(member)
    assert numbers_on(client) == [is_theirs, is_theirs, is_theirs]
    answer = client.post(f"{PAGE}/{stage.station.id}/looked-into", {"last_at": stage.now.isoformat()})
    assert answer.status_code == (HTTPStatus.SEE_OTHER if is_theirs else HTTPStatus.NOT_FOUND)
