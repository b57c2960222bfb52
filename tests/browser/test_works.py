"""The work of a post in a real browser: a change of person changes what is on the screen and what may be done."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.desk import Desk, Shift, station
from chotxanh.domain.kinds import Role
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.pictures.decoding import codes_in
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.staff.badges import badges_of, choose_pin, give_badges, printed
from chotxanh.registers.staff.models import Member
from tests.browser.accessibility import faults_in
from tests.cast import ASSISTANT, DRIVER, PASSWORD, QL51, RIDER, hire
from tests.stage import Stage, keys_of_the_tests, own_keys, today

__all__ = ["keys_of_the_tests", "own_keys", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "482913"
RAPID = "Bộ đọc lúc nào cũng được (0–10000 phút)"
RESULTS = ("Dương tính", "Âm tính", "dương tính", "âm tính", DRIVER.phone[3:])


@pytest.fixture
def post(
    live_server: LiveServer, browser: Browser, transactional_db: None, today: Stage, tmp_path: Path
) -> Iterator[Desk]:
    """A station of QL51 with an officer at work, who has found the driver positive and the rider negative."""
    for person in (DRIVER, RIDER):
        today.must_apply(today.station.register(person), today.station.declare(person))
    for tube, person, value in (("BR1", DRIVER, "positive"), ("BR2", RIDER, "negative")):
        today.must_apply(today.station.collect(tube, [person]), today.station.result(tube, value))
    officer = today.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    code = new_enrolment_code(None, "Máy bàn làn 1", today.now)
    shift = Shift(officer.username, PASSWORD, QL51, 1, RAPID)
    with station(Camera(browser, live_server.url, tmp_path), code, "Máy bàn làn 1", shift) as desk:
        yield desk


def badge_of(member: Member) -> str:
    """Give a member a badge with a PIN of their own; return its code."""
    give_badges([member.id], timezone.now())
    badge = badges_of([member.id])[member.id]
    choose_pin(badge, PIN)
    return printed([badge])[0].code


@pytest.fixture
def change(post: Desk) -> Callable[[Member], None]:
    """Let somebody else take over by their badge."""
    badges: dict[Member, str] = {}

    def take_over(member: Member) -> None:
        badges.setdefault(member, badge_of(member))
        post.scan(badges[member])
        post.page.get_by_test_id("pin").press_sequentially(PIN, delay=60)
        expect(post.page.get_by_test_id("officer")).to_contain_text(member.full_name)

    return take_over


def words(post: Desk) -> str:
    return post.page.locator("body").inner_text()


def tells_no_result(post: Desk) -> bool:
    return not any(result in words(post) for result in RESULTS)


def declare(post: Desk) -> None:
    """Declare for the assistant, who has no phone."""
    page = post.page
    page.get_by_test_id("ask-declare").click()
    page.fill("#fullName", ASSISTANT.full_name)
    page.fill("#birthYear", "1994")
    for field, value in (
        ("sex", "female"),
        ("category", "goods_driver"),
        ("vehicleClass", "truck"),
        ("direction", "in"),
        ("origin", "79"),
    ):
        page.select_option(f"#{field}", value)
    page.get_by_test_id("declare-asked").check()
    page.get_by_test_id("declare-submit").click()
    expect(page.get_by_test_id("person-name")).to_have_text(ASSISTANT.full_name)
    (code,) = codes_in(Image.open(BytesIO(page.get_by_test_id("new-code-qr").screenshot())), "qr_code")
    expect(page.get_by_test_id("new-code-text")).to_have_text(
        " ".join(code.text[at : at + 5] for at in (0, 5, 10))
    )
    post.wait_until_sent()


def as_volunteer(post: Desk) -> str:
    """Declare for somebody, look at the driver, try a tube: no result anywhere. Return the code declared for."""
    page = post.page
    assert tells_no_result(post)  # what the officer had in hand before is gone at once
    for absent in ("tube", "tray", "testing", "read-last"):
        expect(page.get_by_test_id(absent)).to_have_count(0)
    declare(post)
    post.scan(DRIVER.code)
    expect(page.get_by_test_id("person-name")).to_have_text(DRIVER.full_name)
    expect(page.get_by_test_id("person-phone")).to_have_count(0)
    assert tells_no_result(post)
    post.scan("BR1")
    expect(page.get_by_test_id("notice")).to_have_attribute("data-tone", "attention")
    assert tells_no_result(post)
    return Registration.objects.exclude(person_code__in=[DRIVER.code, RIDER.code]).get().person_code


def as_police(post: Desk) -> None:
    """Look at three plates and one code: a light and a sentence, and nobody's name."""
    page = post.page
    expect(page.get_by_test_id("ask-declare")).to_have_count(0)
    seen = (DRIVER.plate, "wait"), (RIDER.plate, "valid"), ("51C-678.90", "none"), (DRIVER.code, "wait")
    for text, light in seen:
        post.scan(text or "")
        expect(page.get_by_test_id("light")).to_have_attribute("data-light", light)
        expect(page.get_by_test_id("light-say")).to_be_visible()
        assert tells_no_result(post)
        assert not [each for each in (DRIVER.full_name, RIDER.full_name, "1985") if each in words(post)]
    assert faults_in(page, "light") == []


def as_sampler(post: Desk, person: str) -> None:
    """Put somebody into a tube; a tube that is read stays shut, by scan and by key."""
    page = post.page
    post.scan("BR1")
    expect(page.get_by_test_id("notice")).to_have_attribute("data-tone", "attention")
    assert tells_no_result(post)
    post.collect("BR9", [person])
    post.scan("BR9")
    expect(page.get_by_test_id("result-negative")).to_have_count(0)
    page.keyboard.press("F1")
    expect(page.get_by_test_id("notice")).to_contain_text("việc của người đọc kết quả")
    post.wait_until_sent()
    assert tells_no_result(post)


def test_the_name_of_who_is_at_work_is_read_whole_on_a_phone(
    post: Desk, change: Callable[[Member], None]
) -> None:
    sampler = hire(Role.SAMPLING)
    sampler.full_name = "Nguyễn Hoàng Thị Phương Uyên"
    sampler.save()
    post.page.set_viewport_size({"width": 390, "height": 844})
    change(sampler)
    name = post.page.get_by_test_id("officer").get_by_text(sampler.full_name)
    assert name.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_each_work_sees_its_own_screen_and_does_its_own_steps(
    post: Desk, today: Stage, change: Callable[[Member], None]
) -> None:
    volunteer, police, sampler = (hire(role) for role in (Role.DATA_ENTRY, Role.TRAFFIC, Role.SAMPLING))
    post.wait_until_sent()
    post.scan("BR1")
    expect(post.page.get_by_test_id("tube-value")).to_have_attribute("data-value", "positive")
    change(volunteer)
    declared_for = as_volunteer(post)
    change(police)
    as_police(post)
    change(sampler)
    as_sampler(post, declared_for)
    change(today.staff.officer)
    post.scan(DRIVER.code)
    expect(post.page.get_by_test_id("person-phone")).to_be_visible()
    post.wait_until_sent()

    assert not Entry.objects.exclude(answer="applied").exists()
    here = Entry.objects.filter(actor__isnull=False).exclude(device=today.station.id)
    by = dict(here.exclude(kind__startswith="shift.").values_list("kind", "actor"))
    assert by["declaration.submitted"] == volunteer.id
    assert by["specimen.collected"] == sampler.id
    assert "result.recorded" not in by
