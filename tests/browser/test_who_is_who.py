"""Who somebody is, lived through in a real browser: a corrected name, and a photographed identity card."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from chotxanh.cli.pictures.desk import Desk, station
from chotxanh.cli.pictures.office import office
from chotxanh.cli.pictures.travellers import AT_ANOTHER_LANE, Declared, declare
from tests.browser.test_road import Road, road

__all__ = ["road"]

pytestmark = [pytest.mark.browser, pytest.mark.road]

MISTYPED = replace(AT_ANOTHER_LANE, full_name="Đỗ Minh Khởi")
# Whoever photographed the card has every word of it, and a phone of their own.
PHOTOGRAPHER = replace(AT_ANOTHER_LANE, phone="0909444555", plate="51C-111.22")
# The same man at his next declaration: the number left out, and his name typed without its marks.
DECLARED_AGAIN = replace(AT_ANOTHER_LANE, full_name="Do Minh Khoi", id_number="", plate="50H-111.11")
UNTIL = re.compile(r"\d\d:\d\d (?:ngày )?\d\d/\d\d/\d{4}")


def until_on(words: str) -> str:
    """Return until when the answer of a check says that a paper holds."""
    said = next(line for line in words.splitlines() if "đến" in line.lower() and UNTIL.search(line))
    found = UNTIL.search(said)
    assert found is not None
    return found.group().replace("ngày ", "")


def sample(desk: Desk, tube: str, person: Declared, value: str) -> None:
    """Sample one person and give the result."""
    desk.collect(tube, [person.code])
    desk.give_result(tube, value)
    desk.wait_until_sent()


def correct_name(road: Road, person: Declared, name: str) -> None:
    """Find a person at the office by the code, and put the name right."""
    with office(road.camera) as page:
        page.goto("/office/people")
        page.fill("#sought", person.code)
        page.click("main .actions button")
        page.get_by_role("link", name="Sửa thông tin").click()
        page.fill("#full_name", name)
        page.check("input[name=correction_reason][value=typing_error]")
        page.click("main .actions button")
        expect(page.get_by_role("status")).to_contain_text("Đã sửa")
        expect(page.locator("h1")).to_have_text("Đ*** M*** Khôi")


def words_of(page: Page) -> str:
    """Return everything a page says."""
    return page.locator("main").inner_text()


def test_a_corrected_name(road: Road) -> None:
    person = declare(road.camera, MISTYPED)
    with station(road.camera, road.enrolment_code, "Máy bàn làn 1") as desk:
        sample(desk, "TEN0001", person, "negative")
    old = road.certificate_of(person)
    before = road.word_on(old)
    assert "CÒN HIỆU LỰC" in before
    correct_name(road, person, AT_ANOTHER_LANE.full_name)
    assert "ĐÃ CÓ GIẤY MỚI" in road.word_on(old)
    after = road.word_on(road.certificate_of(person))
    assert "CÒN HIỆU LỰC" in after
    assert until_on(after) == until_on(before)
    with road.phone(person) as page:
        assert AT_ANOTHER_LANE.full_name in page.content()
        assert MISTYPED.full_name not in page.content()
        page.emulate_media(media="print")
        expect(page.locator(".certificate .qr img")).to_be_visible()
        assert until_on(before) in words_of(page)


def result_at(desk: Desk, person: Declared) -> str:
    """Scan a person's code at the station; return everything that its card says."""
    desk.scan(person.code.replace(" ", ""))
    expect(desk.page.get_by_test_id("person-name")).to_be_visible()
    return desk.page.locator("main").inner_text().lower()


def test_a_photographed_identity_card_shows_its_owners_result_to_nobody(road: Road) -> None:
    owner = declare(road.camera, AT_ANOTHER_LANE)
    with station(road.camera, road.enrolment_code, "Máy bàn làn 1") as desk:
        sample(desk, "THE0001", owner, "negative")
        paper = road.certificate_of(owner)
        stranger = declare(road.camera, PHOTOGRAPHER)
        shows_nothing_of_another(road, stranger)
        assert "âm tính" in result_at(desk, owner)
        assert "âm tính" not in result_at(desk, stranger)
        assert "CÒN HIỆU LỰC" in road.word_on(paper)
        sample(desk, "THE0002", stranger, "positive")
        assert "ĐANG KIỂM TRA LẠI" in road.word_on(paper)
        with road.phone(owner) as page:
            assert "dương tính" not in words_of(page).lower()


def shows_nothing_of_another(road: Road, stranger: Declared) -> None:
    """The page of whoever declared with another's card tells only that they have declared."""
    with road.phone(stranger) as page:
        assert page.locator(".certificate").count() == 0
        words = words_of(page).lower()
        assert "âm tính" not in words
        assert "dương tính" not in words


def test_a_lead_finds_a_driver_by_the_plate_and_links_the_second_registration(road: Road) -> None:
    first, again = declare(road.camera, AT_ANOTHER_LANE), declare(road.camera, DECLARED_AGAIN)
    with office(road.camera) as page:
        page.goto("/office/people")
        page.fill("#sought", AT_ANOTHER_LANE.plate.replace("-", " "))
        page.click("main .actions button")
        expect(page.get_by_text("Hiểu là: biển số")).to_be_visible()
        assert AT_ANOTHER_LANE.plate.replace("-", "") not in page.url.replace("-", "")
        page.get_by_role("link", name="Đ*** M*** Khôi").click()
        assert first.code in words_of(page)
        expect(page.get_by_text("Trùng, một bên viết không dấu")).to_be_visible()
        page.get_by_role("link", name="Ghép hai lần khai này").click()
        page.check("input[name=link_reason][value=person_asked]")
        page.click("main .actions button")
        expect(page.get_by_role("status")).to_contain_text("Đã ghép hai lần khai")
        expect(page.get_by_text("Cán bộ đã xác nhận")).to_be_visible()
        assert again.code in words_of(page)
        page.get_by_role("link", name="Ai đã xem").click()
        expect(page.get_by_text("Hiện trong danh sách tìm kiếm").first).to_be_visible()
