"""Duty numbers by a sheet: the reader of lists has a second use, and the register's own rules hold."""

from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chotxanh.registers.duties.models import DutyNumber
from chotxanh.site.office.lists.duties import columns_at, examples_at
from tests.cast import EVENING, PHU_MY, change_grants
from tests.sheets import workbook
from tests.stage import Stage

LIST, HEADINGS = "/office/lists/duties", ["Nơi trực", "Số trực", "Từ ngày"]


def send(browser: Client, *rows: list[Any]) -> Any:
    content = workbook(HEADINGS, *rows)
    return browser.post(LIST, {"sheet": SimpleUploadedFile("so-truc.xlsx", content)})


def test_numbers_are_set_by_place_and_mistakes_are_said_by_row(lead: Client) -> None:
    place = columns_at(EVENING)[0].options[1]
    address = send(
        lead,
        ["Toàn tỉnh", 2543852111, ""],
        [place.upper(), "0912 345 678", ""],
        ["Sao Hỏa", "12", "32/13/2021"],
    )["Location"]
    page = lead.get(address).content.decode()
    assert "<strong>2</strong> số ghi được" in page
    for mistake in ("Nơi trực: Không có trong danh mục", "Số trực: Số điện thoại chưa đúng", "Từ ngày: "):
        assert mistake in page
    assert "Đã ghi 2 số trực." in lead.post(f"{address}/record", follow=True).content.decode()
    assert set(DutyNumber.objects.values_list("phone", flat=True)) == {"02543852111", "+84912345678"}


def test_what_stands_already_is_passed_over_and_a_place_has_one_number(lead: Client) -> None:
    address = send(lead, ["Toàn tỉnh", "0912 345 678", ""])["Location"]
    lead.post(f"{address}/record")
    again = lead.get(send(lead, ["Toàn tỉnh", "0912 345 678", ""])["Location"]).content.decode()
    assert "<strong>1</strong> dòng đã ghi từ trước" in again
    twice = send(lead, ["Toàn tỉnh", "0987 654 321", ""], ["toan tinh", "0987 654 322", ""])["Location"]
    assert "Nơi này đã có ở dòng 2" in lead.get(twice).content.decode()
    assert DutyNumber.objects.count() == 1


def test_only_leads_of_the_whole_province_set_them(client: Client, stage: Stage) -> None:
    for member in (stage.staff.officer, stage.staff.data_protection):
        client.force_login(member)
        assert client.get(LIST).status_code == HTTPStatus.FORBIDDEN
    change_grants(stage.staff.lead, facility=PHU_MY)
    client.force_login(stage.staff.lead)
    assert send(client, ["Toàn tỉnh", "0912 345 678", ""]).status_code == HTTPStatus.FORBIDDEN


def test_the_register_leads_there_and_the_template_has_the_places(lead: Client) -> None:
    assert f'href="{LIST}"' in lead.get("/office/registers/duties").content.decode()
    assert lead.get(f"{LIST}/template").status_code == HTTPStatus.OK
    assert [example[0] for example in examples_at(EVENING)] == list(columns_at(EVENING)[0].options[:2])
    page = lead.get(LIST).content.decode()
    assert "nhiều nhất 300 dòng" in page
    assert lead.get(f"{LIST}/x/codes")["Location"] == LIST
