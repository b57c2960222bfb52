"""Finds the system's PostgreSQL server programs, and installs them where it can."""

import glob
import re
import shutil
import subprocess
from pathlib import Path

from chotxanh.cli import debian
from chotxanh.cli.stopped import Stopped

PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
OLDEST = 13  # DROP DATABASE ... WITH (FORCE)


def find() -> Path | None:
    """Return the folder of the newest `initdb` and `postgres` of this machine, or None."""
    folders = [Path(place) for pattern in PLACES for place in glob.glob(pattern)]  # noqa: PTH207 -- absolute patterns
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versions = {
        folder: major_version(folder) for folder in folders if shutil.which("initdb", path=str(folder))
    }
    recent = {folder: version for folder, version in versions.items() if version >= OLDEST}
    return max(recent, key=lambda folder: recent[folder], default=None)


def find_or_install() -> Path:
    """Return the programs' folder, installing them on Debian as root. Raises Stopped where there are none."""
    found = find()
    if found is None and debian.can_install():
        debian.install("postgresql")
        found = find()
    if found is None:
        raise Stopped(f"PostgreSQL is missing: install its server ({OLDEST} or newer), then try again.")
    return found


def major_version(folder: Path) -> int:
    """Return the major version of `postgres` in `folder`, 0 if it does not run."""
    program = shutil.which("postgres", path=str(folder))
    if program is None:
        return 0
    answer = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
    number = re.search(r"(\d+)", answer)
    return int(number[1]) if number else 0
