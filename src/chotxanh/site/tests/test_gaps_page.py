"""Missing running numbers: counted, by log, those that miss most first; nothing is cut without a word."""

import pytest
from django.test import Client

from chotxanh.domain.kinds import Role
from chotxanh.ledger.models import Log
from chotxanh.registers.devices.models import Device
from chotxanh.site.office import gaps, paging
from tests.cast import CHAU_DUC, DRIVER, PHU_MY, QL51, change_grants
from tests.stage import Stage
from tests.troubles import lose

PAGE = "/office/gaps"


def page_of(client: Client, address: str = PAGE) -> str:
    """A page's text."""
    return client.get(address).content.decode()


def test_missing_running_numbers_are_named(lead: Client, stage: Stage) -> None:
    first = stage.station.seq + 1
    stage.station.seq += 3
    stage.must_apply(stage.station.collect("ONG2", [DRIVER]))
    page = page_of(lead)
    assert "Máy trạm" in page
    assert f"{first}–{first + 2}" in page
    assert f'<a href="{PAGE}"><b>3</b>' in page_of(lead, "/office/")


def test_a_number_that_arrives_is_missing_no_longer(lead: Client, stage: Stage) -> None:
    late = stage.station.collect("ONG1", [DRIVER])
    stage.must_apply(stage.station.collect("ONG2", [DRIVER]))
    assert Log.objects.get(device=stage.station.id).missing == 1
    stage.must_apply(late)
    assert Log.objects.get(device=stage.station.id).missing == 0
    assert "Không thiếu bản ghi nào" in page_of(lead)


def test_the_page_goes_over_logs_with_gaps_those_that_miss_most_first(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    for count, name in ((5, "Máy năm"), (900, "Máy chín trăm"), (70, "Máy bảy mươi")):
        lose(stage, count, name)
    first, second = page_of(lead), page_of(lead, f"{PAGE}?page=2")
    assert "Thiếu 975 bản ghi" in first
    assert first.index("Máy chín trăm") < first.index("Máy bảy mươi")
    assert "Máy năm" not in first
    assert "Máy năm" in second
    assert "Trang 2/2, tất cả 3" in second


def test_a_log_of_many_holes_says_how_many_more_there_are(
    lead: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "MOST_RANGES", 3)
    for number in range(5):
        stage.station.seq += 1
        stage.must_apply(stage.station.collect(f"ONG{number}", [DRIVER]))
    assert "và 2 khoảng khác" in page_of(lead)


@pytest.mark.parametrize(("facility", "count"), [(PHU_MY, 5), (CHAU_DUC, 0)])
def test_a_lead_of_one_facility_sees_the_gaps_of_its_devices(
    stage: Stage, client: Client, facility: str, count: int
) -> None:
    """B5: lists show a lead what is theirs; a device belongs to a place."""
    Device.objects.filter(id=lose(stage, 5)).update(facility=PHU_MY, site=QL51)
    lose(stage, 7, "Máy của toàn tỉnh")
    member = stage.staff.technician
    change_grants(member, role=Role.LEAD, facility=facility)
    client.force_login(member)
    assert f'<a href="{PAGE}"><b>{count}</b>' in page_of(client, "/office/")
    assert ("Thiếu 5 bản ghi" in page_of(client)) is bool(count)
