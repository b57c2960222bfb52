"""What a lead does in the office: give codes to new stations, revoke one, see what is disputed and held."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from chotxanh.cli.pictures.camera import DESK, Camera
from chotxanh.cli.pictures.desk import LEAD, PASSWORD


@contextmanager
def office(camera: Camera) -> Iterator[Page]:
    """Sign a lead in."""
    with camera.visitor(DESK) as page:
        page.goto("/office/")
        page.fill("#username", LEAD)
        page.fill("#password", PASSWORD)
        page.click("main .actions button")
        page.locator(".counts").wait_for()
        yield page


def code_for(page: Page, name: str) -> str:
    """Ask for the one-time code of a new station."""
    page.goto("/office/devices")
    page.fill("#device_name", name)
    page.select_option("#device_place", "province")
    page.click("main .actions button")
    return page.locator(".enrolment-code").inner_text()


def revoke(page: Page, name: str) -> None:
    """Revoke a station that was lost."""
    page.goto("/office/devices")
    page.locator(".rows li", has_text=name).get_by_role("link").click()
    page.check("[name=revoked_for][value=lost]")
    page.click("main .actions button")


def show_desks(camera: Camera, page: Page) -> None:
    """Take the pictures of the lead's pages."""
    for name, path in (("overview", "/office/"), ("disputed", "/office/disputed"), ("held", "/office/held")):
        page.goto(path)
        camera.take(page, f"office-{name}")
    page.goto("/office/disputed")
    page.locator(".rows .button").first.click()
    camera.take(page, "office-tube")
    page.goto("/office/devices")
    camera.take(page, "office-devices")
