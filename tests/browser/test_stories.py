"""Two days as people live them: a rapid positive at 14:40, and a positive pool of ten to its last closure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.story import FACILITY_NUMBER, Story, Traveller, begin
from tests.cast import DRIVER
from tests.stage import keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNTIL = "đến 08:20 ngày 28/07/2021"


@pytest.fixture
def story(
    live_server: LiveServer,
    browser: Browser,
    own_keys: Path,
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Story]:
    """The cast in place behind a live server whose clock the story keeps."""
    story = begin(live_server.url, set_the_stage(), browser, monkeypatch)
    story.at("07:40")
    yield story
    for context in story.signed_in.values():
        context.close()


def until_the_positive(story: Story) -> tuple[Traveller, bytes]:
    """Negative at 08:20, and the own rapid positive of 14:40 that says otherwise; return the driver and the paper."""
    driver = story.declare(DRIVER)
    story.at("08:00")
    story.swab("A1", [driver])
    story.at("08:20")
    story.read("A1", "negative")
    page, paper = story.own_page(driver, "a1-page-negative"), story.paper_of(driver)
    assert "CÒN HIỆU LỰC" in page.words
    assert UNTIL in page.words
    assert "đối với lái xe, phụ xe chở hàng (7/2021). Không dùng cho đối tượng khác." in page.words
    checked = story.checked(paper, "a1-verify-negative")
    assert f"CÒN HIỆU LỰC {UNTIL}" in checked.words
    assert "N*** V*** Đường, 1985" in checked.words
    printed = story.printed(driver, "a1-print-negative")
    assert "HIỆU LỰC ĐẾN 08:20 28/07/2021" in printed.words.replace("Hiệu lực đến", "HIỆU LỰC ĐẾN")
    assert "CÒN HIỆU LỰC" not in printed.words
    assert "Không có ai phải gọi" in story.call_list("a1-calls")

    story.at("14:20")
    story.swab("A2", [driver])
    story.at("14:40")
    story.read("A2", "positive")
    page = story.own_page(driver, "a2-page-positive")
    assert "Dương tính với test nhanh, chờ khẳng định bằng RT-PCR" in page.words
    assert "Ở tại chỗ, đeo khẩu trang" in page.words
    assert FACILITY_NUMBER in page.words
    assert "ĐANG KIỂM TRA LẠI, tạm thời chưa dùng" in page.words
    assert "CÒN HIỆU LỰC" not in page.words
    assert page.certificates == 0
    suspended(story, paper, "a2-verify-positive")
    assert "Hiệu lực đến" not in story.printed(driver, "a2-print-positive").words
    calls = story.call_list("a2-calls")
    assert DRIVER.full_name in calls
    assert "0912 345 678" in calls
    assert "chờ xét nghiệm khẳng định bằng RT-PCR" in story.followups("a2-followups")
    story.at("14:46")
    story.note_call()
    assert "Không có ai phải gọi" in story.call_list("a2-calls-noted")
    return driver, paper


def suspended(story: Story, paper: bytes, name: str) -> None:
    """The guard reads that it is being checked, whom to call, and that nobody is kept."""
    words = story.checked(paper, name).words
    assert "ĐANG KIỂM TRA LẠI, tạm thời chưa dùng" in words
    assert "Giấy thật, cơ quan cấp đang kiểm tra lại. Tạm thời chưa dùng." in words
    assert f"Mời người cầm giấy gọi {FACILITY_NUMBER}. Không giữ người, không giữ giấy." in words
    assert "28/07/2021" not in words


def test_a_rapid_positive_at_14_40_until_rt_pcr_is_negative(story: Story) -> None:
    driver, paper = until_the_positive(story)
    story.at("16:00")
    story.swab("A3", [driver], by_rt_pcr=True)
    assert story.own_page(driver, "a3-page-waiting").certificates == 0
    suspended(story, paper, "a3-verify-waiting")
    story.at("22:00")
    story.read("A3", "negative", by_rt_pcr=True)
    page = story.own_page(driver, "a4-page-negative")
    assert "CÒN HIỆU LỰC" in page.words
    assert UNTIL in page.words, "the paper of the morning, until the same minute"
    assert "Dương tính" not in page.words
    assert page.certificates == 2
    assert f"CÒN HIỆU LỰC {UNTIL}" in story.checked(paper, "a4-verify-negative").words
    printed = story.printed(driver, "a4-print-negative")
    assert "PHIẾU TRẢ LỜI KẾT QUẢ XÉT NGHIỆM" in printed.words
    assert "CÒN HIỆU LỰC" not in printed.words
    assert "Không có ai phải gọi" in story.call_list("a4-calls")
    assert "Không có trường hợp nào" in story.followups("a4-followups")


def test_a_rapid_positive_at_14_40_until_rt_pcr_is_positive(story: Story) -> None:
    driver, paper = until_the_positive(story)
    story.at("16:00")
    story.swab("A3", [driver], by_rt_pcr=True)
    story.at("22:00")
    story.read("A3", "positive", by_rt_pcr=True)
    page = story.own_page(driver, "a5-page-positive")
    assert "Dương tính với RT-PCR" in page.words
    assert page.certificates == 0
    suspended(story, paper, "a5-verify-positive")
    assert "Hiệu lực đến" not in story.printed(driver, "a5-print-positive").words
    assert DRIVER.full_name in story.call_list("a5-calls")
    assert "Dương tính với RT-PCR" in story.followups("a5-followups")

    story.at("09:00", days=14)
    story.close_followup("isolation_completed", "Hoàn thành cách ly 14 ngày")
    page = story.own_page(driver, "a6-page-closed")
    assert "Đã kết thúc theo dõi" in page.words
    assert page.certificates == 0
    suspended(story, paper, "a6-verify-closed")
    assert "Không có trường hợp nào" in story.followups("a6-followups")
