"""Finds the Chromium that the browser tests drive, and installs it where it can."""

import os
import shutil
from pathlib import Path

from chotxanh.cli import debian
from chotxanh.cli.stopped import Stopped

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def find() -> str | None:
    """Return the path of a Chromium: the one that CHROMIUM names, one on PATH, or one in its usual place."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise Stopped(f"CHROMIUM names {named}, which is not there.")
        return named
    on_path = (shutil.which(name) for name in NAMES)
    usual = (place for place in PLACES if Path(place).is_file())
    return next((path for path in on_path if path), None) or next(usual, None)


def find_or_install() -> str:
    """Return the path of a Chromium, installing it on Debian as root. Raises Stopped where there is none."""
    found = find()
    if found is None and debian.can_install():
        debian.install("chromium")
        found = find()
    if found is None:
        raise Stopped("The browser tests need Chromium: install Chromium or Chrome, or name it in CHROMIUM.")
    return found


def arguments() -> list[str]:
    """Return what Chromium must be told: it refuses its sandbox to root."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox"] if is_root else []
