"""The station in a real browser: a rapid positive lived through, and a household's tube; no card asks anybody twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.desk import RT_PCR, Desk, Shift, station
from chotxanh.people.models import Registration
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.staff.models import Grant
from tests.browser.accessibility import faults_in
from tests.cast import ASSISTANT, DRIVER, PASSWORD, QL51, RIDER, TRAVELLERS
from tests.stage import Stage, keys_of_the_tests, own_keys, today

__all__ = ["keys_of_the_tests", "own_keys", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RAPID = "Bộ đọc lúc nào cũng được (0–10000 phút)"
SIZES = [(390, 844), (1280, 800)]


@pytest.fixture
def post(
    live_server: LiveServer, browser: Browser, transactional_db: None, today: Stage, tmp_path: Path
) -> Iterator[Desk]:
    """A station of QL51 that tests rapidly; three drivers are expected there."""
    for person in (DRIVER, ASSISTANT, RIDER):
        today.must_apply(today.station.register(person), today.station.declare(person))
    officer = today.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    code = new_enrolment_code(None, "Máy bàn làn 1", today.now)
    shift = Shift(officer.username, PASSWORD, QL51, 1, RAPID)
    with station(Camera(browser, live_server.url, tmp_path), code, "Máy bàn làn 1", shift) as desk:
        yield desk


def said(page: Page, name: str) -> Locator:
    """What stands at a place of the screen."""
    return page.get_by_test_id(name)


def is_whole(page: Page, place: Locator) -> bool:
    """Whether every part of it can be seen by scrolling the page alone, without a sideways step."""
    width = (page.viewport_size or {"width": 0})["width"]
    box = place.bounding_box()
    hides = place.evaluate("each => each.scrollHeight > each.clientHeight + 1")
    return box is not None and not hides and box["x"] >= 0 and box["x"] + box["width"] <= width


def results_hidden(page: Page) -> list[str]:
    """Which results of the tube in hand lie under what is done next."""
    expect(said(page, "result-positive")).to_be_enabled()
    foot = page.locator(".next").bounding_box()
    assert foot is not None
    hidden = []
    for value in ("negative", "positive", "inconclusive", "invalid"):
        box = said(page, f"result-{value}").bounding_box()
        if box is None or box["y"] + box["height"] > foot["y"]:
            hidden.append(value)
    return hidden


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_h3_a_rapid_positive_is_followed_to_its_end(post: Desk, width: int, height: int) -> None:
    page = post.page
    page.set_viewport_size({"width": width, "height": height})
    post.collect("BR1", [DRIVER.code])
    post.give_result("BR1", "positive")
    expect(said(page, "next")).to_have_attribute("data-key", "next.single_positive")

    post.wait_until_sent()
    post.scan(DRIVER.code)
    expect(said(page, "caution")).to_have_attribute("data-sampling", "rt_pcr")
    expect(said(page, "next")).to_have_attribute("data-key", "next.choose_rt_pcr")
    expect(said(page, "person-phone")).to_be_visible()

    post.scan("BR2")
    post.scan(DRIVER.code)
    expect(said(page, "notice")).to_have_attribute("data-tone", "attention")
    expect(said(page, "tube-member")).to_have_count(0)
    said(page, "change-test").click()
    said(page, "scan").focus()
    post.scan("BR2")  # the same code twice at once would be an echo of the scanner
    post.scan(DRIVER.code)
    expect(said(page, "tube-member")).to_have_count(1)
    expect(said(page, "next")).to_have_attribute("data-key", "next.close_single")
    post.close_tube()
    expect(said(page, "testing")).to_have_attribute("data-method", "ag_rapid")

    said(page, "testing").select_option(label=RT_PCR)
    post.give_result("BR2", "negative")
    post.wait_until_sent()
    page.keyboard.press("Escape")
    post.scan(DRIVER.code)
    expect(said(page, "next")).to_have_attribute("data-key", "next.person_valid")
    expect(said(page, "caution")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_h2_every_name_of_a_positive_household_is_visible_with_its_phone(
    post: Desk, width: int, height: int
) -> None:
    page = post.page
    page.set_viewport_size({"width": width, "height": height})
    said(page, "testing").select_option(label=RT_PCR)
    people = [DRIVER, ASSISTANT, RIDER]
    post.collect("BR1", [each.code for each in people], is_closed=False)
    page.keyboard.press("F2")
    expect(said(page, "household")).to_have_attribute("aria-pressed", "true")
    post.close_tube()
    post.give_result("BR1", "positive")
    expect(said(page, "next")).to_have_attribute("data-key", "next.pool_again_pcr")
    post.wait_until_sent()
    expect(said(page, "tube-pool")).to_contain_text("một hộ gia đình")
    expect(said(page, "tube-member-phone")).to_have_count(len(people))
    assert all(
        is_whole(page, each) for each in (said(page, "tube-members"), *said(page, "tube-member").all())
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_somebody_without_a_phone_is_declared_for_and_sampled_with_no_line(
    post: Desk, width: int, height: int
) -> None:
    page = post.page
    page.set_viewport_size({"width": width, "height": height})
    post.cut_line()
    post.scan("BR1")
    said(page, "ask-declare").click()
    page.fill("#fullName", "077162000321||Điểu Thị Mơ|01021962|Nữ|Ấp 1, xã Châu Pha|20042021")
    page.press("#fullName", "Enter")
    expect(page.locator("#birthYear")).to_have_value("1962")
    expect(page.locator("#sex")).to_have_value("female")
    page.fill("#phone", "0912 345 679")
    page.select_option("#origin", "75")
    page.keyboard.press("Escape")  # what was typed stays
    said(page, "declare-asked").check()
    said(page, "declare-submit").click()  # nobody has said of which group, and so by which rule a paper holds
    assert page.locator("select:invalid").evaluate_all("all => all.map(each => each.id)") == [
        "category",
        "vehicleClass",
    ]
    page.select_option("#category", "other")
    page.select_option("#vehicleClass", "motorbike")
    assert is_whole(page, page.locator("main form"))
    said(page, "declare-submit").click()
    expect(said(page, "person-name")).to_have_text("Điểu Thị Mơ")
    expect(said(page, "tube-member")).to_have_count(1)
    post.close_tube()
    post.mend_line()
    expect(said(page, "attention-entry")).to_have_count(0)
    assert Registration.objects.filter(birth_year=1962, sex="female").count() == 1


def test_the_post_and_its_lane_are_never_cut_short(post: Desk) -> None:
    """Three posts of QL51 differ only in the last words of their names."""
    place = said(post.page, "place")
    place.evaluate(
        "each => (each.firstElementChild ?? each).textContent = 'QL51 Phú Mỹ – chốt xe tải · Làn 1'"
    )
    assert place.evaluate("each => [each, ...each.children].every(one => one.scrollWidth <= one.clientWidth)")


def test_nothing_that_is_known_is_cut_off_on_a_desks_screen(post: Desk) -> None:
    """The tube and the tray stood white beside a card whose last lines could not be read."""
    page = post.page
    page.set_viewport_size({"width": 1280, "height": 800})
    post.collect("BR1", [DRIVER.code])
    post.give_result("BR1", "positive")
    post.wait_until_sent()
    page.keyboard.press("Escape")
    post.collect("BR2", [RIDER.code])
    post.scan(DRIVER.code)
    expect(said(page, "caution")).to_be_visible()
    for zone in (".scanned", ".scanned .content", ".tube", ".tray", ".next"):
        assert page.locator(zone).evaluate("each => each.scrollHeight <= each.clientHeight"), zone
    expect(said(page, "tray-row")).to_contain_text(RIDER.full_name)
    expect(said(page, "tray-row")).to_contain_text(RIDER.plate or "")


def test_an_idle_desk_says_how_to_begin_what_is_due_and_what_was_read_last(post: Desk) -> None:
    """Between two vehicles two thirds of the screen were white, and a tube that was due lay unnoticed in its tray."""
    page = post.page
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(said(page, "begin").locator("li")).to_have_count(4)
    expect(said(page, "next")).to_have_attribute("data-key", "next.start")
    post.collect("BR1", [DRIVER.code])
    page.keyboard.press("Escape")
    expect(said(page, "next")).to_have_attribute("data-key", "next.due")
    expect(said(page, "start-anew")).to_contain_text("Có 1 ống đã đến giờ đọc")
    post.give_result("BR1", "negative")
    expect(said(page, "read-last")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(said(page, "next")).to_have_attribute("data-key", "next.start")
    expect(said(page, "read-last-row")).to_contain_text("BR1")
    for number in range(2, 7):
        post.collect(f"BR{number}", [DRIVER.code])
        post.give_result(f"BR{number}", "negative")
    page.keyboard.press("Escape")
    expect(said(page, "read-last-row")).to_have_count(5)
    expect(said(page, "read-last-row").first).to_contain_text("BR6")
    for untold in ("Âm tính", DRIVER.full_name):  # to whoever stands at the window
        expect(said(page, "read-last")).not_to_contain_text(untold)
    for zone in (".scanned", ".scanned .content", ".tube", ".tray"):
        assert page.locator(zone).evaluate("each => each.scrollHeight <= each.clientHeight"), zone
    post.scan(RIDER.code)  # the same code twice at once would be an echo of the scanner
    expect(said(page, "person-name")).to_be_visible()
    said(page, "read-last-row").first.click()
    expect(said(page, "tube-value")).to_have_attribute("data-value", "negative")


def test_a_key_of_a_result_is_never_the_browsers(post: Desk) -> None:
    """Without a tube in hand F1 opened the browser's help, and F3 its search, which took the next scan."""
    page = post.page
    page.evaluate(
        "addEventListener('keydown', each => each.defaultPrevented || (window.left ??= []).push(each.key))"
    )
    for key in ("F1", "F2", "F3", "F4", "F7", "F8"):
        page.keyboard.press("Escape")
        expect(said(page, "notice")).to_have_attribute("data-tone", "none")
        page.keyboard.press(key)
        expect(said(page, "notice")).to_have_attribute("data-tone", "attention")
    assert page.evaluate("window.left ?? []") == []
    post.collect("BR1", [DRIVER.code], is_closed=False)
    page.keyboard.press("F4")
    expect(said(page, "notice")).to_have_attribute("data-tone", "attention")
    expect(said(page, "tube-member")).to_have_count(1)


def test_what_is_chosen_of_the_kits_is_read_to_its_last_word(post: Desk) -> None:
    page = post.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        shown = page.locator(".pick .shown")
        shown.evaluate("each => each.textContent = 'STANDARD Q COVID-19 Ag Test (SD Biosensor) (15–30 phút)'")
        assert is_whole(page, shown)
        box, frame = shown.bounding_box(), page.locator(".pick").bounding_box()
        assert box is not None
        assert frame is not None
        assert box["height"] <= frame["height"] < 80, "two lines at the most"


def test_the_acts_of_the_tube_in_hand_stay_in_sight_on_a_phone(post: Desk) -> None:
    """What is done next lies over the foot of the screen: it hid the results, and the act that closes a tube."""
    page = post.page
    page.set_viewport_size({"width": 390, "height": 844})
    post.collect("BR1", [DRIVER.code], is_closed=False)
    expect(said(page, "close-tube")).to_be_in_viewport(ratio=1)
    said(page, "close-tube").click()
    expect(said(page, "close-tube")).to_have_count(0)  # the foot is higher while the tube is open
    post.scan("BR1")
    assert results_hidden(page) == []


def test_the_results_of_a_pool_stay_in_sight_on_a_phone(post: Desk) -> None:
    """Five names pushed them under what is done next."""
    page = post.page
    page.set_viewport_size({"width": 390, "height": 844})
    said(page, "testing").select_option(label=RT_PCR)
    post.collect("BR1", [each.code for each in TRAVELLERS])
    post.scan("BR1")
    expect(said(page, "tube-member")).to_have_count(len(TRAVELLERS))
    assert results_hidden(page) == []


def test_no_mark_over_a_letter_of_a_name_is_cut_off(post: Desk) -> None:
    """The hook of "Ử" stood above the part of the screen that scrolls."""
    page = post.page
    page.set_viewport_size({"width": 1280, "height": 800})
    post.scan(RIDER.code)
    expect(said(page, "person-name")).to_have_text(RIDER.full_name)
    drawn, room = page.evaluate(
        """() => {
          const name = document.querySelector("[data-testid=person-name]");
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = getComputedStyle(name).font;
          const { actualBoundingBoxAscent: top, fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } =
            pen.measureText("Ử");
          const box = name.getBoundingClientRect();
          const baseline = box.top + (parseFloat(getComputedStyle(name).lineHeight) + up - down) / 2;
          return [baseline - top, document.querySelector(".scanned .content").getBoundingClientRect().top];
        }"""
    )
    assert drawn >= room


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_who_was_not_given_the_method_is_told_and_can_report_all_the_same(
    post: Desk, today: Stage, width: int, height: int
) -> None:
    """A positive must be written down whoever reads it; a lead decides."""
    page = post.page
    page.set_viewport_size({"width": width, "height": height})
    Grant.objects.filter(member=today.staff.officer.id).update(methods="ag_rapid")
    post.hand_over(Shift(today.staff.officer.username, PASSWORD, QL51, 1, RAPID))
    post.collect("BR1", [DRIVER.code])
    post.scan("BR1")
    expect(said(page, "result-positive")).to_be_enabled()
    expect(said(page, "method-not-given")).to_have_count(0)
    page.keyboard.press("Escape")
    said(page, "testing").select_option(label=RT_PCR)
    said(page, "scan").focus()
    post.collect("BR2", [RIDER.code])
    post.scan("BR2")
    expect(said(page, "method-not-given")).to_be_visible()
    assert is_whole(page, said(page, "method-not-given"))
    said(page, "result-positive").click()
    expect(said(page, "tube-value")).to_have_attribute("data-value", "positive")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_screen_of_the_station_has_an_accessibility_fault(
    post: Desk, width: int, height: int, theme: str
) -> None:
    page = post.page
    page.set_viewport_size({"width": width, "height": height})
    if theme == "dark":
        said(page, "theme").click()
        said(page, "scan").focus()
    faults = faults_in(page, "idle")
    post.collect("BR1", [DRIVER.code], is_closed=False)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # from under what is done next
    faults += faults_in(page, "collecting")
    post.close_tube()
    post.scan("BR1")
    expect(said(page, "result-positive")).to_be_enabled()
    faults += faults_in(page, "reading")
    post.give_result("BR1", "positive")
    post.wait_until_sent()
    faults += faults_in(page, "read")
    page.keyboard.press("Escape")
    post.scan(DRIVER.code)
    expect(said(page, "caution")).to_be_visible()
    faults += faults_in(page, "positive")
    said(page, "ask-declare").click()
    faults += faults_in(page, "declaring")
    said(page, "declare-cancel").click()
    said(page, "sign-out").click()
    said(page, "sign-in-submit").wait_for()
    assert faults + faults_in(page, "sign in") == []
