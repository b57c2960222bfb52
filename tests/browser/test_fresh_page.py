"""A page that lies open says by itself what is new, and is not loaded while nothing is."""

import pytest
from playwright.sync_api import expect

from chotxanh.declarations.submission import submit_declaration
from chotxanh.site.tests.test_person_page import WEB
from tests.browser.test_pages import Visit, keys_of_the_tests, own_keys, visit
from tests.device import collection_facts

__all__ = ["keys_of_the_tests", "own_keys", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_open_page_shows_by_itself_that_a_sample_was_taken(visit: Visit) -> None:
    submitted = submit_declaration(WEB, "token", visit.stage.now)
    context = visit.context()
    page = context.new_page()
    page.clock.install()
    loaded = []
    page.on("load", lambda _: loaded.append(page.url))
    page.goto(f"{visit.server}/p/{submitted.page_secret}")
    with page.expect_response("**/version"):
        page.clock.run_for(31_000)
    assert len(loaded) == 1
    station = visit.stage.station
    visit.stage.must_apply(
        station.entry("specimen.collected", collection_facts("ONG9", [submitted.person_code]))
    )
    with page.expect_navigation():
        page.clock.run_for(31_000)
    expect(page.locator("main")).to_contain_text("Đã lấy mẫu")
    context.close()
