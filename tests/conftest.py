"""What every test may ask for: the public test data, and a real Chromium."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from chotxanh.cli import chromium

ROOT = Path(__file__).resolve().parents[1]

# A busy machine makes an example slow, not wrong; and a failure in CI must be the same failure at home.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def testdata() -> Path:
    """The folder of public test vectors; without it the test is skipped (CI demands it)."""
    folder = Path(os.environ.get("CHOTXANH_TESTDATA", ROOT.parent / "shared" / "testdata"))
    if not folder.is_dir():
        pytest.skip("the public test vectors are not here: CHOTXANH_TESTDATA names their folder")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for the whole session."""
    # Playwright's loop lives in the tests' own thread, where Django would otherwise refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find_or_install(), args=options)
        yield launched
        launched.close()
