"""Paper that joins, in a real browser: a lead downloads a declaration, and a station declares with its printed code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.desk import Desk, Shift, station
from chotxanh.people.models import Registration
from chotxanh.registers.devices.enrolment import new_enrolment_code
from tests.browser.accessibility import faults_in
from tests.cast import PASSWORD, QL51
from tests.printed import words_of
from tests.stage import Stage, keys_of_the_tests, own_keys, today

__all__ = ["keys_of_the_tests", "own_keys", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RAPID = "Bộ đọc lúc nào cũng được (0–10000 phút)"


@pytest.fixture
def post(
    live_server: LiveServer, browser: Browser, transactional_db: None, today: Stage, tmp_path: Path
) -> Iterator[Desk]:
    """A station of QL51."""
    officer = today.staff.officer
    officer.set_password(PASSWORD)
    officer.save()
    code = new_enrolment_code(None, "Máy bàn làn 1", today.now)
    shift = Shift(officer.username, PASSWORD, QL51, 1, RAPID)
    with station(Camera(browser, live_server.url, tmp_path), code, "Máy bàn làn 1", shift) as desk:
        yield desk


@pytest.fixture
def office(live_server: LiveServer, browser: Browser, today: Stage, client: Client) -> Iterator[Page]:
    """The lead of the whole province at the office, signed in."""
    client.force_login(today.staff.lead)
    context = browser.new_context(locale="vi", base_url=live_server.url)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_a_declaration_downloaded_at_the_office_is_taken_in_at_a_post_by_its_printed_code(
    office: Page, post: Desk
) -> None:
    office.goto("/office/papers")
    assert faults_in(office, "papers") == []
    office.check("input[name=paper][value=declaration]")
    office.fill("#count", "1")
    with office.expect_download() as begun:
        office.click("main form button.button")
    assert begun.value.suggested_filename == "to-khai-y-te.pdf"
    said = words_of(Path(begun.value.path()).read_bytes())
    (code,) = set(re.findall(r"\bP\w{4} \w{5} \w{5}\b", said))

    page = post.page
    post.scan(code.replace(" ", ""))
    expect(page.get_by_test_id("person-lookup")).to_have_attribute("data-lookup", "unknown")
    page.get_by_test_id("ask-declare").click()
    page.get_by_test_id("code-printed").check()
    page.fill("#fullName", "Điểu Thị Mơ")
    page.fill("#birthYear", "1962")
    for field, value in {
        "sex": "female",
        "category": "other",
        "vehicleClass": "motorbike",
        "origin": "75",
    }.items():
        page.select_option(f"#{field}", value)
    page.get_by_test_id("declare-asked").check()
    page.get_by_test_id("declare-submit").click()
    expect(page.get_by_test_id("person-name")).to_have_text("Điểu Thị Mơ")
    post.wait_until_sent()
    assert Registration.objects.get(birth_year=1962).person_code == code.replace(" ", "")
