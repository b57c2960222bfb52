"""Two days as people live them: a rapid positive at 14:40, and a positive pool of ten to its last closure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from chotxanh.certificates.tests.enacting import enacted
from chotxanh.results.models import RecollectionOrder
from tests.browser.story import FACILITY_NUMBER, Story, Traveller, begin
from tests.cast import ASSISTANT, DRIVER
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
    story.end()


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
    assert story.sheets(driver) == 1
    assert "Không có ai phải gọi" in story.call_list("a1-calls")

    story.at("14:20")
    story.swab("A2", [driver])
    story.at("14:40")
    story.read("A2", "positive")
    page = story.own_page(driver, "a2-page-untold", is_waiting=True)
    assert "Đã có kết quả" in page.words
    assert "Dương tính" not in page.words
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


def test_the_paper_of_a_pool_by_a_long_rule_is_one_sheet_of_a5(story: Story) -> None:
    """With every row that it can have it left its first sheet white but for the notice of the demonstration."""
    reference = "Hướng dẫn xét nghiệm đối với người điều khiển phương tiện (Bộ GTVT và Bộ Y tế, tháng 7/2021)"
    story.stage.must_apply(enacted(story.stage, 72, legal_reference=reference))
    people = [story.declare(DRIVER), story.declare(ASSISTANT)]
    story.at("08:00")
    story.swab("A1", people, by_rt_pcr=True)
    story.at("14:00")
    story.read("A1", "negative", by_rt_pcr=True)
    printed = story.printed(people[0], "c-print-pool").words
    assert reference in printed
    assert story.sheets(people[0]) == 1


NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Nga")
# What the page of a member says, and how many papers on it can be scanned.
Expected: TypeAlias = tuple[str, int]
WAITING: Expected = ("Đã lấy mẫu, chờ kết quả", 0)
CALLED_BACK: Expected = ("Mời lấy mẫu RT-PCR riêng", 0)
NEGATIVE: Expected = ("Không phát hiện vi-rút trong mẫu của bạn.", 1)


@dataclass
class PoolOfTen:
    """Ten people who share a tube, and where RT-PCR of their own has been taken from."""

    story: Story
    people: dict[str, Traveller]

    @classmethod
    def declared(cls, story: Story) -> "PoolOfTen":
        """Ten people declare, each with a number and a card of their own."""
        people = {
            name: story.declare(
                replace(
                    DRIVER,
                    full_name=f"Trần Thị {name}",
                    id_number=f"0770850010{number:02}",
                    phone=f"+849123400{number:02}",
                )
            )
            for number, name in enumerate(NAMES)
        }
        return cls(story, people)

    def see(self, moment: str, others: Expected, **expected: Expected) -> None:
        """Each member's page says what is expected of that one, or of the others; nobody reads of anybody else."""
        for name, traveller in self.people.items():
            words, certificates = expected.get(name, others)
            page = self.story.own_page(traveller, f"b-{moment}-{name}")
            assert words in page.words, (moment, name, page.words)
            assert page.certificates == certificates, (moment, name)
            assert not any(f"Trần Thị {other}" in page.words for other in NAMES if other != name)
            if name != "Chi":
                assert "dương tính" not in page.words.lower().replace("không có nghĩa là bạn dương tính", "")

    def swab_each(self, names: Iterable[str], mark: str, *, by_rt_pcr: bool) -> None:
        """Each of these has a tube of their own."""
        for name in names:
            self.story.swab(f"{mark}-{NAMES.index(name)}", [self.people[name]], by_rt_pcr=by_rt_pcr)

    def read_each(self, mark: str, *, by_rt_pcr: bool, **values: str) -> None:
        """The results of these tubes."""
        for name, value in values.items():
            self.story.read(f"{mark}-{NAMES.index(name)}", value, by_rt_pcr=by_rt_pcr)

    def still_asked(self) -> set[str]:
        """Whose order to be sampled again is open."""
        open_orders = set(
            RecollectionOrder.objects.filter(closed_by=None).values_list("person_code", flat=True)
        )
        return {name for name, each in self.people.items() if each.code in open_orders}


POSITIVE: Expected = ("Dương tính với test nhanh, chờ khẳng định bằng RT-PCR", 0)


def until_each_has_a_sample_of_their_own(story: Story) -> PoolOfTen:
    """RT-PCR finds the pool of ten positive; two are tested rapidly, and all but one have an own sample for RT-PCR."""
    ten = PoolOfTen.declared(story)
    story.at("08:00")
    ten.swab_each(["An"], "A", by_rt_pcr=False)
    story.at("08:20")
    ten.read_each("A", by_rt_pcr=False, An="negative")
    story.at("08:30")
    story.swab("G1", list(ten.people.values()), by_rt_pcr=True)
    ten.see("1-pooled", WAITING, An=("CÒN HIỆU LỰC đến 08:20 ngày 28/07/2021", 1))

    story.at("14:00")
    story.read("G1", "positive", by_rt_pcr=True)
    ten.see("2-positive", CALLED_BACK, An=("ĐANG KIỂM TRA LẠI, tạm thời chưa dùng", 0))
    assert ten.still_asked() == set(NAMES)
    calls = story.call_list("b-2-calls")
    assert all(f"Trần Thị {name}" in calls for name in NAMES)
    assert calls.count("Cần lấy mẫu RT-PCR riêng") == len(NAMES)

    story.at("15:00")
    ten.swab_each(["Bình", "Chi"], "B", by_rt_pcr=False)
    story.at("15:20")
    ten.read_each("B", by_rt_pcr=False, Bình="negative", Chi="positive")
    ten.see("3-rapid", CALLED_BACK, Chi=POSITIVE)
    assert ten.still_asked() == set(NAMES), "a rapid test answers no RT-PCR"

    story.at("16:00")
    ten.swab_each(NAMES[:-1], "C", by_rt_pcr=True)
    ten.see("4-sampled", WAITING, Chi=POSITIVE, Nga=CALLED_BACK)
    assert ten.still_asked() == set(NAMES), "a sample is no result"
    return ten


def test_a_positive_pool_of_ten_to_its_last_closure(story: Story) -> None:
    ten = until_each_has_a_sample_of_their_own(story)
    story.at("22:00")
    ten.read_each("C", by_rt_pcr=True, **dict.fromkeys(NAMES[:-1], "negative") | {"Chi": "positive"})
    two = (NEGATIVE[0], 2)
    ill = ("Dương tính với RT-PCR", 0)
    ten.see("5-rt-pcr", NEGATIVE, An=two, Bình=two, Chi=ill, Nga=CALLED_BACK)
    assert ten.still_asked() == {"Nga"}

    story.at("08:00", days=1)
    ten.swab_each(["Nga"], "D", by_rt_pcr=True)
    story.at("14:00", days=1)
    ten.read_each("D", by_rt_pcr=True, Nga="invalid")
    assert "Mời lấy mẫu RT-PCR riêng" in story.own_page(ten.people["Nga"], "b-6-spoiled-Nga").words
    assert ten.still_asked() == {"Nga"}, "a spoiled sample answers nothing"
    story.at("15:00", days=1)
    ten.swab_each(["Nga"], "E", by_rt_pcr=True)
    story.at("21:00", days=1)
    ten.read_each("E", by_rt_pcr=True, Nga="negative")
    ten.see("7-last", NEGATIVE, An=two, Bình=two, Chi=ill)
    assert ten.still_asked() == set()
    calls = story.call_list("b-7-calls")
    assert [name for name in NAMES if f"Trần Thị {name}" in calls] == ["Chi"]

    story.at("09:00", days=16)
    story.close_followup("isolation_completed", "Hoàn thành cách ly")
    assert "Đã kết thúc theo dõi" in story.own_page(ten.people["Chi"], "b-8-closed-Chi").words
    assert "Không có trường hợp nào" in story.followups("b-8-followups")
