"""A family is declared by one of them, and one code brings them all into the tube; who is absent is left out."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.cli.pictures.desk import RT_PCR, Desk
from tests.browser.accessibility import faults_in
from tests.browser.test_pages import fill, follow
from tests.browser.test_station import keys_of_the_tests, own_keys, post, said, today

__all__ = ["keys_of_the_tests", "own_keys", "post", "today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAMILY = (("Trần Thị Bé", "1988", "female"), ("Nguyễn Văn Tí", "2015", "male"))


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An old phone without JavaScript."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, base_url=live_server.url
    )
    yield context.new_page()
    context.close()


def declare_for_all(phone: Page) -> str:
    """Declare for the family; return the code that is shown at the checkpoint."""
    phone.goto("/declare")
    fill(phone)
    follow(phone, "main [name=step][value=check]")
    for number, (name, born, sex) in enumerate(FAMILY, start=1):
        follow(phone, "main [name=step][value=with]")
        phone.fill(f"#c{number}-full_name", name)
        phone.fill(f"#c{number}-birth", born)
        for field, value in (
            ("sex", sex),
            ("category", "other"),
            ("symptoms", "none"),
            ("exposures", "none"),
        ):
            phone.check(f"[name=c{number}-{field}][value={value}]")
        follow(phone, "main [name=step][value=check]")
        assert name in phone.inner_text("main")
    follow(phone, "main [name=step][value=send]")
    return re.sub(r"\s", "", phone.inner_text(".pass .code"))


def test_one_code_brings_the_family_into_the_tube(post: Desk, phone: Page) -> None:
    code = declare_for_all(phone)
    expect(phone.locator(".company a")).to_have_text(["Trần Thị Bé, 1988", "Nguyễn Văn Tí, 2015"])
    page = post.page
    page.set_viewport_size({"width": 1280, "height": 800})
    said(page, "testing").select_option(label=RT_PCR)
    post.scan("BR1")
    post.scan(code)
    family = said(page, "company-person")
    expect(family).to_have_text([re.compile("Nguyễn Thị Hồng Gấm"), "Trần Thị Bé", "Nguyễn Văn Tí"])
    assert faults_in(page, "family at the station") == []
    family.nth(1).click()
    expect(said(page, "tube-member")).to_have_count(2)
    expect(family.nth(1)).to_have_attribute("aria-current", "true")
    expect(family.nth(2)).not_to_have_text(re.compile("đã vào ống"))  # who is absent is left out
    post.close_tube()
    post.wait_until_sent()
