"""Signing corrections at the office: whoever writes results there, never the one who corrected; the CDC reads all."""

from http import HTTPStatus

import pytest
from django.test import Client

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import record_deeds
from tests.cast import DRIVER, EVENING, PHU_MY
from tests.device import deed_of, id_of
from tests.stage import Stage

LIST = "/office/corrections"


@pytest.fixture
def correction(declared: Stage) -> str:
    """A positive that the officer corrected to negative."""
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = 20
    positive = declared.station.result("BR1", "positive")
    declared.station.minute = 30
    mended = declared.station.correct("BR1", id_of(positive), "negative")
    declared.must_apply(collection, positive, mended)
    return str(id_of(mended))


def papers() -> list[Outcome]:
    return [each.status for each in certificates_of(DRIVER.code, EVENING)]


def test_a_technician_of_the_facility_signs_with_the_reason_before_their_eyes(
    client: Client, declared: Stage, correction: str
) -> None:
    client.force_login(declared.staff.technician)
    listed = client.get(LIST).content.decode()
    assert "Từ “dương tính” thành “âm tính”" in listed
    assert DRIVER.full_name not in listed
    page = client.get(f"{LIST}/{correction}").content.decode()
    assert "Lý do: nhập nhầm kết quả" in page
    assert "Nhân viên 1 đính chính lúc" in page
    answer = client.post(f"{LIST}/{correction}")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.SEE_OTHER, LIST)
    assert papers() == [Outcome.VALID]
    assert "Không có bản đính chính nào chờ ký" in client.get(LIST).content.decode()


def test_who_corrected_is_refused_with_a_sentence(client: Client, declared: Stage, correction: str) -> None:
    client.force_login(declared.staff.officer)
    assert "Bạn đã đính chính nên người khác phải ký" in client.get(LIST).content.decode()
    answer = client.post(f"{LIST}/{correction}")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "không thể tự ký xác nhận" in answer.content.decode()
    assert not Entry.objects.filter(kind="result.countersigned").exists()


def test_an_account_of_another_facility_neither_sees_nor_signs_it(
    client: Client, declared: Stage, correction: str
) -> None:
    client.force_login(declared.staff.officer_elsewhere)
    assert "Không có bản đính chính nào chờ ký" in client.get(LIST).content.decode()
    assert client.post(f"{LIST}/{correction}").status_code == HTTPStatus.NOT_FOUND


def test_nobody_signs_once_the_person_was_told(client: Client, declared: Stage, correction: str) -> None:
    positive = Entry.objects.get(kind="result.recorded").id
    facts = {"facility": PHU_MY, "tube": "BR1", "result": str(positive), "way": "call"}
    told = deed_of("result.told", facts | {"person_code": DRIVER.code}, actor=declared.staff.lead.id)
    record_deeds([told], EVENING)
    client.force_login(declared.staff.technician)
    answer = client.post(f"{LIST}/{correction}")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Bác sĩ CDC sẽ quyết định" in answer.content.decode()


def test_a_lead_finds_it_from_the_first_page(client: Client, declared: Stage, correction: str) -> None:
    client.force_login(declared.staff.lead)
    assert f'href="{LIST}"' in client.get("/office/").content.decode()
    assert client.post(f"{LIST}/{correction}").status_code == HTTPStatus.SEE_OTHER


def test_the_cdc_reads_every_correction_by_name(client: Client, declared: Stage, correction: str) -> None:
    client.force_login(declared.staff.physician)
    page = client.get("/office/followups").content.decode()
    assert "Kết quả dương tính đã bị sửa" in page
    assert page.count(DRIVER.full_name) > 1
    assert "Chờ người thứ hai ký" in page
    assert client.get(LIST).status_code == HTTPStatus.FORBIDDEN


def test_who_may_write_results_signs_in_at_the_office_to_sign_and_sees_nothing_else(
    client: Client, declared: Stage
) -> None:
    client.force_login(declared.staff.technician)
    for address in ("/office/board", "/office/calls", "/office/disputed", "/office/registers"):
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN
