"""The box that offers administrative units, on a small phone and from the keyboard, under the site's own policy."""

import re
from collections.abc import Iterator

import pytest
from django.utils.html import format_html
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.language.texts import text
from chotxanh.site.policies import CONTENT_SECURITY_POLICY
from tests.browser.accessibility import faults_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = ("form.units_none", "declare.place_since_2025", "form.units_count")
WIDTH, HEIGHT = 320, 568
LEAST_TARGET = 44  # px
MY_XUAN = "Phường Mỹ Xuân, Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu"
FORM = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Khai báo</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/web/pages/pages.css">
<script type="module" src="/static/web/pages/units.js"></script></head><body><main><div class="frame"><h1>Khai báo</h1>
<form action="/sent"><div class="field"><label for="origin">Đi từ</label><p class="hint">Ví dụ: Biên Hòa, Đồng Nai</p>
<input id="origin" name="origin" data-units="origin_unit"
data-units-none="{}" data-units-later="{}" data-units-count="{}">
<input type="hidden" id="origin_unit" name="origin_unit" value=""></div>
<div class="field"><label for="road">Đường</label><input id="road" name="road"></div>
<div class="field"><label for="to">Đến</label><input id="to" name="to" value="phu my" data-units="to_unit">
<fieldset class="meant"><legend>Nơi nào?</legend><label><input type="radio" name="to_unit" value="nso-2021:754" checked>
Thị xã Phú Mỹ</label></fieldset></div>
<div class="actions"><button class="button">Gửi</button></div></form></div></main></body></html>"""


@pytest.fixture
def page(live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    """A form with one such box, in a browser of a small phone."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="vi")
    body = format_html(FORM, *map(text, WORDS))
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html; charset=utf-8"}
    for path in ("/a-form", "/sent**"):
        context.route(live_server.url + path, lambda route: route.fulfill(body=body, headers=headers))
    page = context.new_page()
    page.goto(live_server.url + "/a-form")
    yield page
    context.close()


def type_place(page: Page, words: str) -> None:
    """Type into the box as from a keyboard."""
    page.fill("#origin", "")
    page.locator("#origin").press_sequentially(words)


def test_a_unit_is_offered_chosen_by_keyboard_and_forgotten_when_the_words_change(page: Page) -> None:
    box, options = page.locator("#origin"), page.get_by_role("option")
    unit, road = page.locator("#origin_unit"), page.locator("#road").bounding_box()
    expect(box).to_have_attribute("role", "combobox")
    type_place(page, "my xuan brvt")
    expect(options).to_have_count(1)
    expect(options).to_have_text("Phường Mỹ Xuân Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu")
    expect(page.get_by_role("status").first).to_have_text("Tìm thấy 1 nơi. Dùng phím mũi tên để chọn.")
    assert page.locator("#road").bounding_box() == road  # nothing moved
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", str(options.get_attribute("id")))
    box.press("Enter")  # chooses, and does not send
    expect(box).to_have_value(MY_XUAN)
    expect(unit).to_have_value("nso-2021:26719")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Backspace")
    expect(unit).to_have_value("")
    box.press_sequentially("u")
    expect(unit).to_have_value("nso-2021:26719")
    type_place(page, "xyzzy")
    expect(page.locator(".units-none").first).to_be_visible()
    box.press("Escape")
    expect(page.locator(".units-none").first).to_be_hidden()
    box.press("Enter")  # nothing is chosen: the words are sent as they are
    expect(page).to_have_url(
        re.compile(r"/sent\?origin=xyzzy&origin_unit=&road=&to=phu[+]my&to_unit=nso-2021%3A754$")
    )


def test_on_a_small_phone_a_unit_of_today_is_marked_and_chosen_by_touch(page: Page) -> None:
    type_place(page, "dk con dao")
    option = page.get_by_role("option").first
    expect(option).to_have_text("Đặc khu Côn Đảo Thành phố Hồ Chí Minh · từ 01/07/2025")
    type_place(page, "phu my")
    expect(page.get_by_role("option")).to_have_count(10)
    assert faults_in(page, "units") == []
    seen = page.locator(".units-found").first.bounding_box()
    assert seen and seen["x"] >= 0 and seen["x"] + seen["width"] <= WIDTH
    assert seen["y"] + seen["height"] <= HEIGHT
    targets = [each.bounding_box() for each in page.get_by_role("option").all()]
    assert all(target and target["height"] >= LEAST_TARGET for target in targets)
    page.get_by_role("option", name="Thị xã Phú Mỹ Bà Rịa").click()
    expect(page.locator("#origin_unit")).to_have_value("nso-2021:754")
    expect(page.locator("#origin")).to_be_focused()


def test_without_the_table_the_box_takes_what_is_typed(page: Page) -> None:
    page.context.route("**/hashed/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        type_place(page, "vung tau")
    expect(page.get_by_role("option")).to_have_count(0)
    page.locator("#origin").press("Enter")
    expect(page).to_have_url(re.compile("origin=vung[+]tau"))


def test_the_servers_question_which_place_was_meant_goes_when_the_words_change(page: Page) -> None:
    question, box = page.locator(".meant"), page.locator("#to")
    box.focus()
    expect(question).to_be_visible()
    box.fill("vung tau")
    expect(question).to_have_count(0)
    expect(page.locator("#to_unit")).to_have_value("")
    expect(page.get_by_role("option").first).to_be_visible()
    page.get_by_role("option").first.click()
    expect(page.locator("#to_unit")).to_have_value("nso-2021:747")
