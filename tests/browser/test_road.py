"""The whole road in a real browser on a real server: declare, pair, result, certificate, verify, correct."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from chotxanh.cli import server
from chotxanh.cli.pictures.__main__ import code_in
from chotxanh.cli.pictures.camera import PHONE, Camera
from chotxanh.cli.pictures.desk import Desk, station
from chotxanh.cli.pictures.travellers import AT_ANOTHER_LANE, TRAVELLERS, Declared, declare
from chotxanh.cli.ports import free_port
from chotxanh.cli.preparation import prepare_database

pytestmark = [pytest.mark.browser, pytest.mark.road]

SINGLE, POOL, POSITIVE_POOL = "DON0001", "GOP0001", "GOP0002"


@dataclass(frozen=True)
class Road:
    """A demonstration of its own: a browser at its address, and the code that enrols the first station."""

    camera: Camera
    enrolment_code: str

    @contextmanager
    def phone(self, declared: Declared) -> Iterator[Page]:
        """Open the person's own page on a phone that has no JavaScript."""
        context = self.camera.browser.new_context(
            base_url=self.camera.address,
            viewport={"width": PHONE.width, "height": PHONE.height},
            device_scale_factor=PHONE.scale,
            java_script_enabled=False,
        )
        page = context.new_page()
        page.goto(declared.page)
        yield page
        context.close()

    def certificate_of(self, declared: Declared) -> bytes:
        """Photograph the QR of the certificate on the person's page."""
        with self.phone(declared) as page:
            expect(page.locator(".certificate .qr img")).to_have_count(1)
            return page.locator(".certificate .qr img").screenshot()

    def word_on(self, photo: bytes) -> str:
        """Have a guard check the photo; return the words of the answer."""
        with self.camera.visitor(PHONE) as guard:
            guard.goto("/verify")
            guard.set_input_files("#photo", {"name": "giay.png", "mimeType": "image/png", "buffer": photo})
            guard.click("main .actions button")
            guard.locator(".state-large").wait_for()
            return guard.locator("main").inner_text()

    def certificates_on_page(self, declared: Declared) -> int:
        """Count the certificates that the person's page offers with a QR."""
        with self.phone(declared) as page:
            return page.locator(".certificate .qr img").count()


@pytest.fixture
def road(browser: Browser, tmp_path: Path) -> Iterator[Road]:
    """Serve a fresh demonstration as `up` does, on the database that these tests run on."""
    with fresh_database() as database:
        environment = fresh_environment(database, tmp_path) | {"CHOTXANH_DEMO": "1"}
        enrolment_code = code_in(prepare_database(environment, with_demo=True))
        address = server.Address("127.0.0.1", free_port())
        with server.running(address, environment):
            yield Road(Camera(browser, str(address), tmp_path), enrolment_code)


def test_the_whole_road_single_and_pool_with_the_line_up_and_down(road: Road) -> None:
    alone = declare(road.camera, AT_ANOTHER_LANE)
    together = [declare(road.camera, traveller) for traveller in TRAVELLERS]
    with station(road.camera, road.enrolment_code, "Máy bàn làn 1") as desk:
        single_with_the_line_up(desk, alone)
        paper = road.certificate_of(alone)
        assert "CÒN HIỆU LỰC" in road.word_on(paper)

        pool_with_the_line_down(desk, together)
        assert [road.certificates_on_page(each) for each in together] == [0] * len(together)
        desk.mend_line()
        assert all("CÒN HIỆU LỰC" in road.word_on(road.certificate_of(each)) for each in together)

        correct(desk, SINGLE, "positive")
        assert "KHÔNG CÒN GIÁ TRỊ" in road.word_on(paper)
        assert road.certificates_on_page(alone) == 0


def test_a_positive_pool_gives_nobody_a_result_and_asks_everybody_back(road: Road) -> None:
    together = [declare(road.camera, traveller) for traveller in TRAVELLERS[:2]]
    with station(road.camera, road.enrolment_code, "Máy bàn làn 1") as desk:
        desk.collect(POSITIVE_POOL, [each.code for each in together])
        desk.give_result(POSITIVE_POOL, "positive")
        desk.wait_until_sent()
        for each in together:
            with road.phone(each) as page:
                words = page.locator("main").inner_text().lower()
                assert "lấy lại mẫu" in words
                assert page.locator(".certificate").count() == 0
        desk.collect(SINGLE, [together[0].code])
        desk.give_result(SINGLE, "negative")
        desk.wait_until_sent()
    assert road.certificates_on_page(together[0]) == 1
    assert road.certificates_on_page(together[1]) == 0


def single_with_the_line_up(desk: Desk, person: Declared) -> None:
    """The card is fed before the tube; one person in it; its result at once."""
    desk.scan(person.code.replace(" ", ""))
    expect(desk.page.get_by_test_id("person-name")).to_contain_text(AT_ANOTHER_LANE.full_name)
    desk.collect(SINGLE, [person.code])
    desk.give_result(SINGLE, "negative")
    desk.wait_until_sent()


def pool_with_the_line_down(desk: Desk, people: list[Declared]) -> None:
    """Five people, the result, and the page opened anew, all without a line; nothing is lost."""
    desk.cut_line()
    desk.collect(POOL, [person.code for person in people])
    desk.give_result(POOL, "negative")
    desk.wait_until_kept()
    desk.page.reload()
    desk.page.get_by_test_id("scan").wait_for()
    desk.wait_until_kept()


def correct(desk: Desk, tube: str, value: str) -> None:
    """Correct the result of a tube that already has one."""
    desk.scan(tube)
    desk.page.get_by_test_id("correct").click()
    desk.page.get_by_test_id(f"result-{value}").click()
    desk.page.locator(f"[data-testid=tube-value][data-value={value}]").wait_for()
    desk.wait_until_sent()


def fresh_environment(database: dict[str, str], home: Path) -> dict[str, str]:
    """Return the environment of a program with a home and a database of its own."""
    settings = {"CHOTXANH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "chotxanh.settings"}
    return {**os.environ, **database, **settings}


@contextmanager
def fresh_database() -> Iterator[dict[str, str]]:
    """Make a database beside the one these tests run on; SQLite makes its own file in the fresh home."""
    url = os.environ.get("CHOTXANH_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {"CHOTXANH_DATABASE_URL": ""}
        return
    name = f"road_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {"CHOTXANH_DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
