"""The registers in a real browser: on a phone every fact and every act of a line is in view without a sideways step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer

from chotxanh.site.office.registers.views import REGISTERS
from tests.cast import PASSWORD
from tests.entering import has_authenticator, type_code
from tests.stage import keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH, HEIGHT = 390, 844  # of a phone
SMALLEST_TARGET = 24  # WCAG 2.2, 2.5.8: pixels across


@pytest.fixture
def phone(
    live_server: LiveServer, browser: Browser, own_keys: Path, transactional_db: None
) -> Iterator[Page]:
    """A lead of the whole province, signed in on a phone."""
    lead = set_the_stage().staff.lead
    lead.set_password(PASSWORD)
    lead.save()
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="vi", base_url=live_server.url
    )
    page = context.new_page()
    page.goto("/office/registers")
    page.fill("#username", lead.username)
    page.fill("#password", PASSWORD)
    has_authenticator(lead)
    with page.expect_navigation():
        page.click("main button")
    type_code(page, lead)
    yield page
    context.close()


def is_in_view(each: Locator) -> bool:
    """Whether it lies between the phone's edges, large enough to be hit."""
    box = each.bounding_box()
    assert box
    is_large = min(box["width"], box["height"]) >= SMALLEST_TARGET
    return is_large and box["x"] >= 0 and box["x"] + box["width"] <= WIDTH


def test_on_a_phone_the_acts_of_every_register_are_in_view(phone: Page) -> None:
    seen, hidden = set(), []
    for name in REGISTERS:
        phone.goto(f"/office/registers/{name}")
        found = phone.locator("main button[name=act]").all()
        seen |= {name} if found else set()
        hidden += [(name, each.get_attribute("aria-label")) for each in found if not is_in_view(each)]
    assert seen >= {"facilities", "posts", "staff", "grants", "rules"}
    assert hidden == []


def test_no_register_has_a_part_that_scrolls_sideways(phone: Page) -> None:
    wide = []
    for name in REGISTERS:
        phone.goto(f"/office/registers/{name}")
        wide += phone.evaluate(
            "name => [...document.querySelectorAll('main, main *')]"
            ".filter(each => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === 'auto')"
            ".map(each => [name, each.className])",
            name,
        )
    assert wide == []
