"""From nothing: a province without a demonstration is set up in the browser alone, and gives its first certificate."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from chotxanh.cli import server
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.pictures.camera import DESK, Camera
from chotxanh.cli.pictures.desk import Shift, station
from chotxanh.cli.pictures.travellers import TRAVELLERS, declare
from chotxanh.cli.ports import free_port
from chotxanh.cli.preparation import prepare_database
from chotxanh.domain.hcert.certificates import decode
from chotxanh.keys.one_time_codes import code_at
from chotxanh.pictures.decoding import codes_in
from tests.browser.test_road import Road, fresh_database, fresh_environment

pytestmark = [pytest.mark.browser, pytest.mark.road]

LEAD, OFFICER = "Nguyễn Thị Lan", "Trần Văn Bảo"
CHOSEN = {"nguyen.thi.lan": "cỏ may bên cầu 1908", "tran.van.bao": "đèn xanh trên quốc lộ"}
FACILITY, SITE = "Trung tâm Y tế Long Điền", "Chốt Cầu Cỏ May"


DEPARTMENT = "Sở Y tế tỉnh Đồng Nai"
PROVINCE = {
    "CHOTXANH_DEPARTMENT": DEPARTMENT,
    "CHOTXANH_ISSUER_CODE": "DNAI",
    "CHOTXANH_PROVINCE": "nso-2021:75",
    "CHOTXANH_DEMO": "0",
}


@contextmanager
def empty_province(browser: Browser, home: Path) -> Iterator[tuple[Camera, str]]:
    """Serve a province that knows nobody but its first lead, whose one-time password the command printed."""
    with fresh_database() as database:
        environment = fresh_environment(database, home) | PROVINCE
        prepare_database(environment, with_demo=False)
        command = python("-m", "chotxanh.cli", "manage", "lead", LEAD)
        said = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True
        ).stdout
        password = re.search(r"one-time password\): (\S+)", said)
        assert password
        address = server.Address("127.0.0.1", free_port())
        with server.running(address, environment):
            yield Camera(browser, str(address), home), password[1]


def test_an_empty_province_is_set_up_in_the_browser_until_a_certificate_verifies(
    browser: Browser, tmp_path: Path
) -> None:
    with empty_province(browser, tmp_path) as (camera, password), camera.stranger(DESK) as context:
        office = context.new_page()
        bears_the_departments_name_and_no_demonstration(office)
        choose_password(office, "nguyen.thi.lan", password)
        office.goto("/office/")
        sign_in_with_a_new_authenticator(office, "nguyen.thi.lan")
        expect(office.locator("#steps")).to_be_visible()
        shift = set_up(office)
        given = officer_password(office)
        at_a_station_one_is_led_to_choose_a_password(camera, new_station(office), shift, given)
        enrolment_code = new_station(office)
        person = declare(camera, replace(TRAVELLERS[0], destination="Đồng Nai"))
        road = Road(camera, enrolment_code)
        with station(camera, enrolment_code, "Máy làn 1", shift) as desk:
            desk.collect("DON0001", [person.code])
            desk.give_result("DON0001", "negative")
            desk.wait_until_sent()
        paper = road.certificate_of(person)
        said = road.word_on(paper)
        assert "CÒN HIỆU LỰC" in said
        assert DEPARTMENT in said
        is_issued_by_the_province(paper)
        office.goto("/office/")
        expect(office.locator("#steps")).to_have_count(0)


def bears_the_departments_name_and_no_demonstration(page: Page) -> None:
    """See that every page bears the department's name, and none calls itself a demonstration: this counts."""
    for address in ("/", "/declare", "/verify", "/office/", "/station/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".scenario")).to_have_count(0)
        expect(page.locator("body")).to_contain_text(DEPARTMENT)
        assert "Sở Y tế tỉnh Bà Rịa" not in page.content()


def is_issued_by_the_province(paper: bytes) -> None:
    """Read the certificate in a photo: its issuer, and the issuer's code in its identifier, are the province's."""
    (code,) = codes_in(Image.open(BytesIO(paper)), "qr_code")
    (test,) = decode(code.text).claims.certificate["t"]
    assert test["is"] == DEPARTMENT
    assert test["ci"].startswith("URN:UVCI:01:VN:DNAI/")


def choose_password(page: Page, username: str, password: str) -> None:
    """Put one's own password in the place of the one that was handed over."""
    page.goto("/office/password")
    page.fill("#username", username)
    page.fill("#old_password", password)
    page.fill("#new_password", CHOSEN[username])
    page.fill("#new_password_again", CHOSEN[username])
    page.click("main .actions button")
    expect(page.locator(".said")).to_be_visible()


def at_a_station_one_is_led_to_choose_a_password(
    camera: Camera, enrolment_code: str, shift: Shift, password: str
) -> None:
    """Try to begin a shift with the password that was handed over; the station leads to the page that changes it."""
    with camera.stranger(DESK) as context:
        page = context.new_page()
        page.goto("/station/")
        page.get_by_test_id("enrol-code").fill(enrolment_code)
        page.get_by_test_id("enrol-name").fill("Máy làn 2")
        page.get_by_test_id("enrol-submit").click()
        username, field = page.get_by_test_id("sign-in-username"), page.get_by_test_id("sign-in-password")
        username.fill(shift.username)
        field.fill(password)
        page.get_by_test_id("sign-in-submit").click()
        link = page.get_by_role("link", name="Đổi mật khẩu")
        expect(link).to_be_visible()
        expect(field).to_have_value("")
        with context.expect_page() as opened:
            link.click()
        choose_password(opened.value, shift.username, password)
        expect(username).to_have_value(shift.username)
        field.fill(shift.password)
        page.get_by_test_id("sign-in-submit").click()
        page.get_by_test_id(f"post-{shift.site}-{shift.post}").wait_for()


def sign_in_with_a_new_authenticator(page: Page, username: str) -> None:
    """Sign in at the office for the first time: a lead sets up an authenticator, and is shown codes for its loss."""
    page.fill("#username", username)
    page.fill("#password", CHOSEN[username])
    page.click("main .actions button")
    secret = page.locator(".secret-text").inner_text().replace(" ", "")
    (code,) = codes_in(Image.open(BytesIO(page.locator(".begin-code svg").screenshot())), "qr_code")
    assert f"secret={secret}&" in code.text
    page.fill("#second_code", code_at(secret, datetime.now(UTC)))
    page.click("main .actions button")
    expect(page.locator(".kept-codes li")).to_have_count(10)
    page.click("main .actions button")
    page.locator(".office-nav").wait_for()


def set_up(page: Page) -> Shift:
    """Register a facility, a site with a lane, an officer there and a rule; return the officer's shift."""
    page.goto("/office/registers/facilities")
    page.fill("#facility_name", FACILITY)
    page.fill("#document", "QĐ 12/QĐ-SYT ngày 01/07/2021")
    page.check("[name=methods][value=rt_pcr]")
    save(page)
    page.goto("/office/registers/posts")
    page.fill("#site_name", SITE)
    page.select_option("#facility", label=FACILITY)
    page.fill("#road", "QL51")
    page.check("[name=post_kind][value=lane]")
    page.fill("#post_names", "Làn 1")
    save(page)
    page.goto("/office/registers/rules")
    page.fill("#legal_reference", "CV 8228/UBND-VP")
    page.select_option("#category", "any")
    page.check("[name=anchor][value=resulted]")
    page.fill("#valid_for_hours", "72")
    page.fill("#effective_from", "05/07/2021")
    save(page)
    page.goto("/office/registers/staff")
    page.fill("#full_name", OFFICER)
    page.check("[name=role][value=officer]")
    page.check("[name=methods][value=rt_pcr]")
    page.select_option("#place", "province")
    save(page)
    return Shift("tran.van.bao", CHOSEN["tran.van.bao"], "chot-cau-co-may")


def save(page: Page) -> None:
    """Press the form's button; the page says what was recorded."""
    page.click("main .actions button")
    expect(page.locator(".said")).to_be_visible()


def officer_password(page: Page) -> str:
    """Read the one-time password that the page shows once."""
    return page.locator(".enrolment-code").inner_text()


def new_station(page: Page) -> str:
    """Ask for a code that enrols a station."""
    page.goto("/office/devices")
    page.fill("#device_name", "Máy làn 1")
    page.select_option("#device_place", index=2)  # the first site
    page.click("main .actions button")
    return page.locator(".enrolment-code").inner_text()
