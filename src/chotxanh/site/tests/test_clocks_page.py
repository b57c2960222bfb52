"""A clock in doubt is settled once for a device and its boot, with the skew that was measured (H9)."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.kinds import Role
from chotxanh.language.formats import show_time
from chotxanh.ledger.doubtful_boots import doubtful_boots
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import new_id
from chotxanh.registers.devices.models import Device
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import CHAU_DUC, DRIVER, EVENING, MORNING, PHU_MY, QL51, RIDER, change_grants
from tests.device import MINUTE, Station, deed_of, id_of
from tests.stage import Stage
from tests.troubles import new_station

LIST = "/office/clocks"
TRUE = MORNING + 46 * MINUTE
FAST = timedelta(hours=3, minutes=2)


@pytest.fixture(autouse=True)
def this_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office is read on the day on which everything was recorded."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


def page_of(client: Client, address: str = LIST) -> str:
    """A page's text."""
    return client.get(address).content.decode()


def ran_unmeasured(stage: Stage) -> Station:
    """A station of QL51 that ran a boot without a line, three hours fast: two tubes, one result."""
    station = new_station(stage, "Máy không có giờ")
    Device.objects.filter(id=station.id).update(facility=PHU_MY, site=QL51)
    stage.must_apply(station.start_shift(stage.staff.officer))
    station.boot, station.minute, station.is_measured, station.skew = uuid4(), 30, False, FAST
    tubes = [station.collect("BR1", [DRIVER]), station.collect("BR2", [RIDER])]
    station.minute = 46
    stage.must_apply(*tubes, station.result("BR1", "negative"))
    return station


def measured_since(stage: Stage, station: Station) -> None:
    """The station starts anew, still three hours fast, and reaches the server."""
    station.boot, station.minute = uuid4(), 90
    stage.must_apply(station.measure_clock())


def address_of(station: Station, boot: UUID) -> str:
    return f"{LIST}/{station.log}/{boot}"


def in_doubt() -> int:
    """How many deeds have a time in doubt."""
    return (
        Entry.objects.filter(earliest_at__isnull=False, actor__isnull=False)
        .exclude(kind="clock.measured")
        .count()
    )


def read_at() -> datetime:
    """From when the driver's paper that stands counts."""
    found = [each for each in certificates_of(DRIVER.code, EVENING) if each.status is Outcome.VALID]
    until = found[0].valid_until
    assert until is not None
    return until - timedelta(hours=72)


def test_h9_a_run_is_settled_once_with_the_measured_skew(lead: Client, declared: Stage) -> None:
    """H9: two forms for each tube, and the skew nowhere to be seen."""
    station = ran_unmeasured(declared)
    boot = station.boot
    measured_since(declared, station)
    page = page_of(lead)
    assert "Máy không có giờ" in page
    assert "3 bản ghi, theo giờ của máy" in page
    assert read_at() == MORNING
    address = address_of(station, boot)
    asked = page_of(lead, address)
    assert "đồng hồ của máy nhanh 3 giờ 2 phút" in asked
    assert f'value="{show_time(TRUE)}"' in asked
    answer = lead.post(address, {"true_time": show_time(TRUE), "clock_reason": "measured_since"})
    assert answer["Location"] == LIST
    assert in_doubt() == 0
    assert read_at() == TRUE
    assert "Đã đối chiếu giờ cho 3 bản ghi" in page_of(lead)
    tables = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == tables


def test_a_time_that_cannot_be_is_refused_and_the_rest_stays(lead: Client, declared: Stage) -> None:
    station = ran_unmeasured(declared)
    address = address_of(station, station.boot)
    for wrong in (MORNING - MINUTE, EVENING + MINUTE):
        answer = lead.post(address, {"true_time": show_time(wrong), "clock_reason": "compared"})
        assert "Giờ này không thể đúng" in answer.content.decode()
        assert show_time(wrong) in answer.content.decode()
    assert in_doubt() == 3


def test_nobody_has_to_decide_and_nothing_is_asked_where_nothing_is_in_doubt(
    lead: Client, declared: Stage
) -> None:
    assert "mọi bản ghi đều đã có giờ đối chiếu" in page_of(lead)
    assert lead.get(address_of(declared.station, declared.station.boot)).status_code == 404


def test_what_was_in_doubt_a_month_ago_is_listed_no_more(
    lead: Client, declared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran_unmeasured(declared)
    for days, is_listed in ((29, True), (31, False)):
        monkeypatch.setattr(timezone, "now", lambda days=days: EVENING + timedelta(days=days))
        lead.force_login(declared.staff.lead)
        assert ("Máy không có giờ" in page_of(lead)) is is_listed


def test_the_list_is_found_by_when_it_arrived(declared: Stage) -> None:
    """It read everything that was ever in doubt."""
    ran_unmeasured(declared)
    plan = doubtful_boots(None, EVENING).explain()
    assert "entry_doubtful_boot" in plan or connection.vendor == "postgresql", plan


def test_a_lead_settles_the_clocks_of_their_own_place_alone(lead: Client, declared: Stage) -> None:
    station = ran_unmeasured(declared)
    change_grants(declared.staff.lead, role=Role.LEAD, facility=CHAU_DUC)
    assert "Máy không có giờ" not in page_of(lead)
    typed = {"true_time": show_time(TRUE), "clock_reason": "compared"}
    assert lead.post(address_of(station, station.boot), typed).status_code == 404
    assert in_doubt() == 3


@pytest.mark.parametrize("is_measured", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_word_on_a_clock_counts_whatever_comes_first(
    declared: Stage, order: tuple[int, ...], *, is_measured: bool
) -> None:
    """Of two words the later one stands."""
    station = new_station(declared, "Máy không có giờ")
    declared.must_apply(station.start_shift(declared.staff.officer))
    station.boot, station.minute, station.is_measured, station.skew = uuid4(), 30, is_measured, FAST
    tube = station.collect("BR1", [DRIVER])
    words = [
        sign_deed(
            deed_of(
                "clock.settled",
                {"log": station.log, "boot": station.boot, "anchor": anchor, "reason": "compared"},
                actor=declared.staff.lead.id,
                id=new_id(),
            ),
            at,
        )
        for anchor, at in ((int(TRUE.timestamp() * 1000), EVENING), (0, EVENING - MINUTE))
    ]
    entries = [tube, *words]
    for place in order:
        declared.must_apply(entries[place])
    assert Entry.objects.get(id=id_of(tube)).effective_at == TRUE + 30 * MINUTE
    assert in_doubt() == 0
