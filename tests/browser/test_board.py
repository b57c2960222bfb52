"""The live board in a real browser: it changes by itself, can be held still, and says when the server is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from chotxanh.ledger.worker.loop import Worker
from tests.cast import ASSISTANT, DRIVER, PASSWORD
from tests.device import MINUTE
from tests.entering import has_authenticator, type_code
from tests.stage import Stage, keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# An entry stands on the board within five seconds; a busy machine is given more.
PATIENCE = 30_000


def people(page: Page, number: int) -> None:
    """Wait until the sum of people sampled is this."""
    figure = page.locator(".site-total .figure", has_text="Người lấy mẫu").locator("dd")
    expect(figure).to_have_text(str(number), timeout=PATIENCE)


def sample(stage: Stage, tube: str) -> None:
    """Record a sampling of now, and let the worker count it."""
    stage.must_apply(stage.station.collect(tube, [DRIVER, ASSISTANT]))
    Worker(timezone.now).work_until_idle()


@pytest.fixture
def stage_today(transactional_db: None, own_keys: Path) -> Stage:
    """The cast in place, and a station that began ten minutes ago."""
    stage = set_the_stage()
    stage.staff.lead.set_password(PASSWORD)
    stage.staff.lead.save()
    stage.now = timezone.now()
    stage.station.boot = stage.station.log = stage.staff.lead.id
    stage.station.began, stage.station.seq = stage.now - 10 * MINUTE, 0
    stage.must_apply(stage.station.start_shift(stage.staff.officer))
    return stage


@pytest.fixture
def board(stage_today: Stage, live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    """The board, open in a lead's browser."""
    context = browser.new_context(locale="vi")
    page = context.new_page()
    page.goto(live_server.url + "/office/board")
    page.fill("#username", "truong-ca")
    page.fill("#password", PASSWORD)
    has_authenticator(stage_today.staff.lead)
    with page.expect_navigation():
        page.click("main button")
    type_code(page, stage_today.staff.lead)
    people(page, 0)
    yield page
    context.close()


def test_the_board_shows_an_entry_by_itself(board: Page, stage_today: Stage) -> None:
    sample(stage_today, "BR1")
    people(board, 2)


def test_a_board_held_still_changes_when_it_goes_on(board: Page, stage_today: Stage) -> None:
    board.clock.install()  # the page's time is the test's
    board.reload()
    board.click("#board-pause")
    sample(stage_today, "BR1")
    board.clock.run_for(60_000)
    people(board, 0)
    board.click("#board-pause")
    board.clock.run_for(5_000)
    people(board, 2)


def test_a_board_without_its_server_says_so_and_comes_back(board: Page, stage_today: Stage) -> None:
    board.context.set_offline(True)
    expect(board.locator("#board-offline")).to_be_visible(timeout=PATIENCE)
    board.context.set_offline(False)
    sample(stage_today, "BR1")
    people(board, 2)
    expect(board.locator("#board-offline")).to_be_hidden()
