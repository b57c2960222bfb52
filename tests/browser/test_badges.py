"""Badges in a real browser: a scan and six digits change the person; what a scanner types into a field is no guess."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.desk import Desk, Shift, station
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.staff.badges import badges_of, choose_pin, give_badges, printed
from chotxanh.registers.staff.models import Member, PinGuesses
from tests.cast import DRIVER, PASSWORD, QL51
from tests.stage import Stage, keys_of_the_tests, own_keys, today

__all__ = ["keys_of_the_tests", "own_keys", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "482913"


@pytest.fixture
def post(
    live_server: LiveServer, browser: Browser, transactional_db: None, today: Stage, tmp_path: Path
) -> Iterator[Desk]:
    """A station of QL51 with an officer at work."""
    officer = today.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    code = new_enrolment_code(None, "Máy bàn làn 1", today.now)
    shift = Shift(officer.username, PASSWORD, QL51, 1)
    with station(Camera(browser, live_server.url, tmp_path), code, "Máy bàn làn 1", shift) as desk:
        yield desk


def badge_of(member: Member, pin: str | None = None) -> tuple[str, str]:
    """Give a member a badge; return its code and its PIN, a first one unless one is named."""
    give_badges([member.id], timezone.now())
    badge = badges_of([member.id])[member.id]
    if pin is not None:
        choose_pin(badge, pin)
    (shown,) = printed([badge])
    return shown.code, pin or shown.first_pin or ""


def test_g8_a_scan_and_six_digits_change_the_person_and_no_scan_is_a_guess(post: Desk, today: Stage) -> None:
    lead, technician = badge_of(today.staff.lead, PIN), badge_of(today.staff.technician)
    page = post.page
    post.wait_until_sent()

    post.scan(lead[0])
    expect(page.get_by_test_id("pin")).to_be_focused()
    post.scan(DRIVER.code)  # a scanner types into the PIN
    expect(page.get_by_test_id("scan-ignored")).to_be_visible()
    expect(page.get_by_test_id("pin")).to_have_value("")
    page.get_by_test_id("use-password").click()
    page.get_by_test_id("sign-in-password").focus()
    post.scan("8935001700012")
    expect(page.get_by_test_id("scan-ignored")).to_be_visible()
    expect(page.get_by_test_id("sign-in-password")).to_have_value("")
    expect(page.get_by_test_id("refusal")).to_have_count(0)
    assert not PinGuesses.objects.exists()

    post.scan(lead[0])
    page.get_by_test_id("pin").press_sequentially(PIN, delay=60)  # nobody presses a button
    expect(page.get_by_test_id("officer")).to_contain_text(today.staff.lead.full_name)

    post.scan(lead[0])
    expect(page.get_by_test_id("pin")).to_be_focused()
    post.scan(technician[0])  # it is another's turn after all
    expect(page.get_by_test_id("scan-ignored")).to_have_count(0)
    page.get_by_test_id("pin").press_sequentially(technician[1], delay=60)
    page.get_by_test_id("new-pin").fill("918273")
    page.get_by_test_id("new-pin-again").fill("918273")
    page.get_by_test_id("pin-submit").click()
    expect(page.get_by_test_id("officer")).to_contain_text(today.staff.technician.full_name)

    page.context.set_offline(True)
    expect(page.get_by_test_id("line-state")).to_have_attribute("data-line", "down", timeout=20_000)
    post.scan(lead[0])
    page.get_by_test_id("pin").press_sequentially(PIN, delay=60)
    expect(page.get_by_test_id("officer")).to_contain_text(today.staff.lead.full_name)
    page.context.set_offline(False)
    post.wait_until_sent()
