"""On the form itself: a place is chosen from a list while it is typed, and nothing need be asked again."""

import pytest
from playwright.sync_api import expect

from chotxanh.declarations.models import Declaration
from tests.browser.test_pages import Visit, fill, follow, keys_of_the_tests, own_keys, visit

__all__ = ["keys_of_the_tests", "own_keys", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_place_is_chosen_while_it_is_typed(visit: Visit) -> None:
    context = visit.context()
    page = context.new_page()
    page.goto(visit.server + "/declare")
    fill(page)
    page.fill("#destination", "")
    page.locator("#destination").press_sequentially("phu my")
    choice = page.get_by_role("option", name="Thị xã Phú Mỹ")
    choice.first.wait_for()
    choice.first.click()
    expect(page.locator("#destination")).to_have_value("Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu")
    follow(page, "main [name=step][value=check]")
    assert "Thị xã Phú Mỹ, Bà Rịa - Vũng Tàu" in page.inner_text("main")
    follow(page, "main [name=step][value=send]")
    context.close()
    assert Declaration.objects.filter(destination="nso-2021:754").count() == 1
