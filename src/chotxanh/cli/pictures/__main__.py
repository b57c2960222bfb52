"""Starts the private demonstration (a temporary home, a free port) and a browser, and lives the road in it."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from chotxanh.cli import chromium, front_end, server
from chotxanh.cli.companion import worker_beside
from chotxanh.cli.pictures.camera import Camera
from chotxanh.cli.pictures.road import live
from chotxanh.cli.ports import free_port
from chotxanh.cli.preparation import prepare_database
from chotxanh.cli.progress import step, tell
from chotxanh.cli.stopped import Stopped

ENROLMENT_CODE = re.compile(r": ([0-9B-Z]{5}(?: [0-9B-Z]{5})*)$")


def main(folder: Path) -> int:
    """Write the pictures into `folder`; returns the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    front_end.build_if_changed()
    with demonstration() as (address, enrolment_code), sync_playwright() as playwright:
        executable = chromium.find_or_install()
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.arguments())
        live(Camera(browser, address, folder), enrolment_code)
        browser.close()
    return 0


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """Serve a demonstration of its own; yields its address and the code that enrols the first station."""
    with tempfile.TemporaryDirectory(prefix="chotxanh-pictures-") as home:
        environment = environment_of(home)
        with step("Database"):
            demo = prepare_database(environment, with_demo=True)
        address = server.Address("127.0.0.1", free_port())
        with server.running(address, environment), worker_beside(environment):
            yield str(address), code_in(demo)


def environment_of(home: str) -> Mapping[str, str]:
    """Return an environment that touches nothing of this checkout's own data."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chotxanh.settings"}
    environment.pop("CHOTXANH_DATABASE_URL", None)
    return environment | {"CHOTXANH_HOME": home, "CHOTXANH_DEMO": "1"}


def code_in(demo: str) -> str:
    """Return the enrolment code from what the demonstration says of itself, on its last line."""
    found = ENROLMENT_CODE.search(demo.splitlines()[-1])
    if not found:
        raise Stopped("The demonstration gave no code to enrol a station with.")
    return found[1]


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1])))
    except Stopped as reason:
        tell(str(reason))
        sys.exit(1)
    except Error as error:
        tell(f"The road could not be lived to its end: {error.message}")
        sys.exit(1)
