"""Data rights in a real browser: from the own page to all that is kept, and away with it as a file."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from chotxanh.declarations.submission import submit_declaration
from chotxanh.site.tests.test_person_page import WEB, OwnPage
from tests.browser.accessibility import faults_in
from tests.printed import words_of
from tests.stage import Stage, keys_of_the_tests, own_keys, today

__all__ = ["keys_of_the_tests", "own_keys", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_somebody_sees_what_is_kept_about_them_and_takes_it_along(
    live_server: LiveServer, browser: Browser, transactional_db: None, today: Stage
) -> None:
    submitted = submit_declaration(WEB, "token", today.now)
    OwnPage(today, submitted.person_code, submitted.page_secret).sample("negative")
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi", base_url=live_server.url
    )
    page = context.new_page()
    page.goto(f"/p/{submitted.page_secret}")
    page.click(f"a[href='/p/{submitted.page_secret}/data']")
    assert WEB.full_name in page.inner_text("main")
    assert faults_in(page, "own data") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    taken = {}
    for kind in ("pdf", "json"):
        with page.expect_download() as begun:
            page.click(f"a[href$='/data/{kind}']")
        taken[begun.value.suggested_filename] = Path(begun.value.path()).read_bytes()
    assert WEB.full_name in words_of(taken["du-lieu-cua-toi.pdf"])
    assert json.loads(taken["du-lieu-cua-toi.json"])["samples"][0]["result"] == "negative"
    context.close()
