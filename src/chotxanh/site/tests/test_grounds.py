"""Every decision of a lead asks on what it rests, and shows the lead whom it is about (finding H10)."""

import json
import re
from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.beside.models import PersonalAccess
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.held import to_decide
from chotxanh.ledger.models import Entry
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from tests.cast import DRIVER, PHU_MY
from tests.device import id_of
from tests.stage import Stage
from tests.troubles import dispute, hold

LIST, TUBE = "/office/disputed", f"/office/disputed/{PHU_MY}/ONG1"


@pytest.fixture
def lead(declared: Stage, client: Client) -> Client:
    client.force_login(declared.staff.lead)
    return client


def facts_of(kind: str) -> dict[str, object]:
    """What the one entry of a kind says."""
    facts: dict[str, object] = json.loads(Entry.objects.get(kind=kind).body)["facts"]
    return facts


def word_typed(client: Client, grounds: str, stands: object = "") -> dict[str, str]:
    """What a browser sends where this record of the tube, or the first one shown, was chosen."""
    page = client.get(TUBE).content.decode()
    hidden = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("about", "shown")}
    chosen = stands or re.findall(r'name="stands" value="([^"]*)"', page)[0]
    return hidden | {"stands": str(chosen), "confirm_time": "", "grounds": grounds}


@pytest.mark.parametrize("grounds", ["", "x"])
def test_h10_no_word_on_a_tube_is_recorded_without_its_grounds(
    lead: Client, declared: Stage, grounds: str
) -> None:
    dispute(declared)
    answer = lead.post(TUBE, word_typed(lead, grounds))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Căn cứ vào đâu?" in answer.content.decode()
    assert not Entry.objects.filter(kind="specimen.resolved").exists()


def test_h10_a_word_on_a_tube_keeps_its_grounds(lead: Client, declared: Stage) -> None:
    dispute(declared)
    lead.post(TUBE, word_typed(lead, "saw_the_tube"))
    assert facts_of("specimen.resolved")["grounds"] == "saw_the_tube"


def test_h22_a_decision_whose_paper_is_already_over_says_so(lead: Client, declared: Stage) -> None:
    """The cast lives in 2021, and whoever decides now gives nobody a paper that can be used."""
    station = declared.station
    declared.must_apply(station.collect("ONG1", [DRIVER]))
    station.minute += 20
    negative = station.result("ONG1", "negative")
    declared.must_apply(negative, station.result("ONG1", "invalid"))
    lead.post(TUBE, word_typed(lead, "saw_the_tube", id_of(negative)))
    page = lead.get(LIST).content.decode()
    assert "Giấy cấp từ kết quả này đã hết hiệu lực lúc 08:20 28/07/2021" in page


def test_h10_a_ruling_keeps_its_grounds_and_none_is_recorded_without(lead: Client, declared: Stage) -> None:
    hold(declared)
    entry = to_decide(WHOLE_PROVINCE)[0]
    typed = {"decision": "admit", "problem": entry.problem}
    lead.post(f"/office/held/{entry.id}", typed)
    assert Entry.objects.get(id=entry.id).answer == Answer.HELD
    assert "mời chọn căn cứ" in lead.get("/office/held").content.decode()
    lead.post(f"/office/held/{entry.id}", typed | {"grounds": "saw_the_roster"})
    assert facts_of("entry.admitted")["grounds"] == "saw_the_roster"


def test_h10_a_device_is_revoked_for_a_reason(lead: Client, declared: Stage) -> None:
    address = f"/office/devices/{declared.station.id}/revoke"
    assert lead.post(address).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Device.objects.get(id=declared.station.id).revoked_at is None
    lead.post(address, {"revoked_for": "lost"})
    assert facts_of("device.revoked")["reason"] == "lost"


def test_h10_a_lead_who_decides_sees_the_names_and_the_look_is_logged(lead: Client, declared: Stage) -> None:
    dispute(declared)
    assert DRIVER.full_name not in lead.get(LIST).content.decode()
    assert f"{DRIVER.full_name}, {DRIVER.birth.year}" in lead.get(TUBE).content.decode()
    looks = PersonalAccess.objects.filter(purpose="disputed_tube").values_list("subject", flat=True)
    assert DRIVER.code in looks
