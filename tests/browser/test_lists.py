"""A company's sheet with errors in a real browser, on a phone: looked over, recorded, mended, sent again."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from chotxanh.declarations.tests.test_lists import GOOD
from chotxanh.people.models import Registration
from chotxanh.site.tests.test_lists_page import HEADINGS, WRONG
from tests.browser.accessibility import faults_in
from tests.cast import PASSWORD
from tests.sheets import workbook
from tests.stage import keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/office/lists/declarations"


@pytest.fixture
def phone(
    live_server: LiveServer, browser: Browser, own_keys: Path, transactional_db: None
) -> Iterator[Page]:
    """An officer of a post, signed in on a phone."""
    officer = set_the_stage().staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi", base_url=live_server.url, accept_downloads=True
    )
    page = context.new_page()
    page.goto(LIST)
    page.fill("#username", officer.username)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    yield page
    context.close()


def send(page: Page, content: bytes) -> None:
    page.set_input_files("#sheet", {"name": "cong-ty.xlsx", "mimeType": "", "buffer": content})
    with page.expect_navigation():
        page.get_by_role("button", name="Gửi và xem lại").click()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as taken:
        page.get_by_role("link", name=name).click()
    return Path(taken.value.path()).read_bytes()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_a_company_sheet_with_errors_is_recorded_mended_and_sent_again(phone: Page) -> None:
    assert (
        load_workbook(io.BytesIO(downloaded(phone, "Tải bảng mẫu"))).worksheets[0]["A1"].value == HEADINGS[0]
    )
    second = GOOD | {"full_name": "Trần Thị Hoa"}
    send(phone, workbook(HEADINGS, list(GOOD.values()), list(WRONG.values()), list(second.values())))
    assert "Dòng 3" in phone.inner_text("main")
    assert faults_in(phone, "list") == []
    press(phone, "Ghi 2 người")
    assert "Đã ghi 2 người." in phone.inner_text("main")
    assert faults_in(phone, "list") == []

    book = load_workbook(io.BytesIO(downloaded(phone, "Tải bảng kết quả")))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert "Số điện thoại chưa đúng" in sheet.cell(3, 1).value
    sheet.cell(3, headings.index("Số điện thoại") + 1).value = "0987 654 321"
    sheet.cell(3, headings.index("Giới tính") + 1).value = "Nữ"
    mended = io.BytesIO()
    book.save(mended)
    phone.get_by_role("link", name="Gửi bảng khác").click()
    send(phone, mended.getvalue())
    press(phone, "Ghi 1 người")
    assert Registration.objects.count() == 3
    phone.go_back()  # what was recorded is not offered again
    assert "1 người đã ghi" in phone.inner_text("main")
    wide = phone.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
