"""What whole-product tests may ask for: a real Chromium."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from chotxanh.cli import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for the whole session."""
    # Playwright's loop lives in the tests' own thread, where Django would otherwise refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        executable = chromium.find_or_install()
        launched = playwright.chromium.launch(executable_path=executable, args=chromium.arguments())
        yield launched
        launched.close()
