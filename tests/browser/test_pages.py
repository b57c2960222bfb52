"""Every server-rendered page in a real browser: accessible, whole on a narrow phone, complete without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.models import Errand
from chotxanh.registers.staff.models import Member
from chotxanh.site.office.registers.views import REGISTERS
from tests.browser.accessibility import faults_in
from tests.cast import DRIVER, PASSENGER, PASSWORD, RIDER, WALKER
from tests.entering import SECOND_STEP, has_authenticator, type_code
from tests.stage import Stage, keys_of_the_tests, own_keys, set_the_stage
from tests.troubles import doubt, hold, reject, reuse_number, wait_for_shift

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, SMALL_PHONE, NARROW_DESK, DESK = (390, 844), (320, 568), (1153, 800), (1280, 800)
OFFICE_LISTS = ("", "held", "disputed", "gaps", "clocks", "invalid", "errands", "board", "calls", "badges")


@dataclass
class Visit:
    """One browser at the server: addresses are local, the language a cookie."""

    server: str
    stage: Stage
    browser: Browser

    def context(self, size: tuple[int, int] = PHONE, language: str = "vi", **options: Any) -> BrowserContext:
        """A fresh browser of this size and language."""
        width, height = size
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.add_cookies([{"name": "language", "value": language, "url": self.server}])
        return context


@pytest.fixture
def visit(
    live_server: LiveServer, browser: Browser, own_keys: Path, transactional_db: None
) -> Iterator[Visit]:
    """The cast in place behind a live server, with something to decide in the office."""
    now = timezone.now()
    stage = set_the_stage(now - timedelta(hours=3))
    stage.now = now
    stage.staff.lead.set_password(PASSWORD)
    stage.staff.lead.save()
    station = stage.station
    stage.must_apply(station.collect("ONG1", [DRIVER]))
    stage.must_apply(station.collect("ONG1", [RIDER, WALKER]), station.collect("ONG2", [PASSENGER]))
    stage.must_apply(station.collect("ONG3", [PASSENGER]))
    station.minute += 20
    stage.must_apply(station.result("ONG3", "positive"))
    stage.station.seq += 3
    doubt(stage)
    hold(stage)
    wait_for_shift(stage)
    reject(stage)
    reuse_number(stage)
    stage.record(b"not an entry")
    Worker(timezone.now).work_until_idle()
    yield Visit(live_server.url, stage, browser)


def fill(page: Page) -> None:
    """Type one whole declaration."""
    page.fill("#full_name", "Nguyễn Thị Hồng Gấm")
    page.fill("#birth", "05031990")
    page.check("[name=sex][value=female]")
    page.fill("#phone", "0912345678")
    page.check("[name=category][value=goods_driver]")
    page.check("[name=vehicle_class][value=truck]")
    page.fill("#plate", "72C-123.45")
    page.check("[name=direction][value=in]")
    page.fill("#origin", "TP HCM")
    page.fill("#destination", "brvt")
    page.check("[name=symptoms][value=none]")
    page.check("[name=exposures][value=none]")


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and wait until that page stands with its styles."""
    with page.expect_navigation():
        page.click(selector)


def walk(page: Page, server: str) -> Iterator[str]:
    """Open every page in turn; yield its name while it is shown."""
    for address in (
        "/",
        "/privacy",
        "/rules/standing",
        "/p/",
        "/p/khong-co-trang-nay",
        "/declare",
        "/verify",
    ):
        page.goto(server + address)
        yield address
    follow(page, "main button")
    yield "verify with a mistake"
    page.fill("#text", "HC1:6BFOXN")
    follow(page, "main button")
    yield "answer"
    page.goto(server + "/declare")
    follow(page, "main button.button")
    yield "declare with mistakes"
    fill(page)
    follow(page, "main button.button")
    yield "check"
    follow(page, "main button[value=send]")
    yield "own page"
    yield from walk_office(page, server)


def walk_in(page: Page, server: str) -> Iterator[str]:
    """Sign in as a lead does for the first time, and as they do afterwards."""
    page.goto(server + "/office/held")
    yield "sign-in"
    page.fill("#username", "truong-ca")
    page.fill("#password", PASSWORD)
    follow(page, "main button")
    yield "authenticator set up"
    lead = Member.objects.get(username="truong-ca")
    has_authenticator(lead)
    page.goto(server + SECOND_STEP)
    type_code(page, lead)
    page.goto(server + "/office/account")
    yield "own account"


def walk_office(page: Page, server: str) -> Iterator[str]:
    """Sign in and open every page of the office."""
    yield from walk_in(page, server)
    for name in OFFICE_LISTS:
        page.goto(f"{server}/office/{name}")
        yield f"/office/{name}"
    page.goto(server + "/office/clocks")
    follow(page, ".row a.button")
    yield "clock in doubt"
    follow(page, "main form button")
    yield "clock in doubt with a mistake"
    page.goto(server + "/office/calls")
    follow(page, "a.button")
    yield "overdue tube"
    follow(page, ".call-acts button[value=reached]")
    yield "calls with a tube that was told"
    follow(page, "form[action$='/undo'] button")
    page.goto(server + "/office/disputed")
    follow(page, ".row a.button")
    yield "disputed tube"
    follow(page, "main .actions button")
    yield "disputed tube with a mistake"
    follow(page, ".withdrawals a")
    yield "withdrawal"
    for address in (
        "/office/password",
        "/office/registers",
        *(f"/office/registers/{name}" for name in REGISTERS),
        "/office/devices",
    ):
        page.goto(server + address)
        yield address
    page.fill("#device_name", "Máy tính QL51")
    page.select_option("#device_place", "province")
    follow(page, "main button.button")
    yield "enrolment code"
    follow(page, ".rows a")
    yield "revoke"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_has_an_accessibility_fault(visit: Visit, size: tuple[int, int], language: str) -> None:
    context = visit.context(size, language)
    page = context.new_page()
    faults = []
    for name in walk(page, visit.server):
        faults += faults_in(page, name)
    context.close()
    assert faults == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways_on_a_small_phone(visit: Visit, language: str) -> None:
    context = visit.context(SMALL_PHONE, language)
    page = context.new_page()
    wide = [
        name
        for name in walk(page, visit.server)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    ]
    context.close()
    assert wide == []


def test_the_whole_walk_needs_no_javascript_and_breaks_no_policy(visit: Visit) -> None:
    context = visit.context(java_script_enabled=False)
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    seen = list(walk(page, visit.server))
    context.close()
    assert seen[-1] == "revoke"
    assert refused == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [PHONE, NARROW_DESK, DESK], ids=["phone", "narrow desk", "desk"])
def test_the_offices_navigation_stands_on_one_line(
    visit: Visit, size: tuple[int, int], language: str
) -> None:
    context = visit.context(size, language)
    page = context.new_page()
    next(name for name in walk_office(page, visit.server) if name == f"/office/{OFFICE_LISTS[0]}")
    shown = page.locator(".office-nav a:visible, .office-nav button:visible").all()
    boxes = [box for each in shown if (box := each.bounding_box())]
    is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
    assert boxes
    assert not is_wide
    assert max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes)


def test_on_a_phone_the_offices_pages_are_behind_a_button_that_needs_no_javascript(visit: Visit) -> None:
    context = visit.context(java_script_enabled=False)
    page = context.new_page()
    next(name for name in walk_office(page, visit.server) if name == f"/office/{OFFICE_LISTS[0]}")
    link = page.get_by_role("link", name="Danh mục", exact=True)
    assert not link.is_visible()
    page.click(".menu-button:visible")
    link.click()
    page.wait_for_url("**/office/registers")
    context.close()


def test_what_the_office_lists_is_read_on_a_phone_without_a_sideways_step(visit: Visit) -> None:
    """Automatic work and who was told stood in tables of five and four columns."""
    now = timezone.now()
    Errand.objects.create(name="calls", key="a", due_at=now, is_paused=True)
    Errand.objects.create(name="calls", key="b", due_at=now, gave_up_at=now, attempts=12, problem="busy")
    context = visit.context()
    page = context.new_page()
    next(name for name in walk_office(page, visit.server) if name == f"/office/{OFFICE_LISTS[0]}")
    wide = {}
    for name in ("errands", "calls"):
        page.goto(f"{visit.server}/office/{name}")
        if name == "calls":
            follow(page, ".call-acts button[value=reached]")
            assert page.locator("#done + .rows").count()
        wide[name] = page.locator("main *").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth && "
            "getComputedStyle(each).overflowX === 'auto').length"
        )
    context.close()
    assert wide == {"errands": 0, "calls": 0}


def test_the_first_visit_is_light(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body()) if answer.ok else 0}))
    page.goto(visit.server + "/declare")
    context.close()
    without_fonts = sum(size for address, size in sizes.items() if not address.endswith(".woff2"))
    assert without_fonts < 80_000  # even before compression


def test_an_enter_in_a_field_shows_the_answers_and_sends_nothing(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    page.goto(visit.server + "/declare")
    fill(page)
    page.press("#plate", "Enter")
    expect(page.locator("h1")).to_have_text("Kiểm tra lại rồi gửi")
    context.close()


def test_a_mistake_in_the_list_leads_to_its_field(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    page.goto(visit.server + "/declare")
    fill(page)
    page.fill("#phone", "12")
    page.click("main button.button")
    page.click(".mistakes a")
    page.keyboard.press("Tab")
    assert page.url.endswith("#phone")
    assert page.input_value("#full_name") == "Nguyễn Thị Hồng Gấm"
    context.close()


def test_back_from_the_answers_loses_nothing(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    page.goto(visit.server + "/declare")
    fill(page)
    page.fill("#id_number", "077085000123")
    page.click("main button.button")
    page.wait_for_selector("[value=send]")
    page.go_back()
    found = {name: page.input_value(f"#{name}") for name in ("id_number", "plate", "origin", "destination")}
    context.close()
    assert found == {
        "id_number": "077085000123",
        "plate": "72C-123.45",
        "origin": "TP HCM",
        "destination": "brvt",
    }


def test_back_after_sending_shows_nothing_of_the_last_person(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    page.goto(visit.server + "/declare")
    fill(page)
    page.click("main button.button")
    page.click("[value=send]")
    page.wait_for_selector(".pass")
    seen = []
    for _ in range(2):
        page.go_back()
        page.wait_for_selector("#full_name")
        seen.append((page.input_value("#full_name"), page.input_value("#phone")))
    context.close()
    assert seen == [("", "")] * 2
