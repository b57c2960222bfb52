"""Builds the front end, and only when something that goes into it has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from chotxanh.cli import node
from chotxanh.cli.paths import CONTRACTS, ROOT, WEB
from chotxanh.cli.progress import run_quietly, step
from chotxanh.cli.stopped import Stopped

BUILT = WEB / "dist"
PACKAGES = WEB / "node_modules"
MADE_FOLDERS = {"node_modules", "dist", "coverage", ".svelte-kit", ".vite"}


def build_if_changed() -> None:
    """Install the front end's packages and build `web/dist`, each only if what it is made from changed."""
    sources = digest([WEB, CONTRACTS])
    if is_stamped(BUILT, sources):
        return
    packages = install_packages()
    with step("Front end"):
        _stamp(BUILT).unlink(missing_ok=True)
        run_quietly([*packages.npm, "run", "build"], WEB, packages.environment())
        if not BUILT.is_dir():
            raise Stopped("The build of the front end left nothing in web/dist.")
        put_stamp(BUILT, sources)


def install_packages() -> node.Node:
    """Install exactly what the front end's lock names; returns the Node to go on with."""
    found = node.find_or_install()
    lock = digest([WEB / "package-lock.json", WEB / "package.json", WEB / ".npmrc"], found.npm)
    if not is_stamped(PACKAGES, lock):
        if not (WEB / "package-lock.json").is_file():
            raise Stopped("web/package-lock.json is missing: this checkout is not whole.")
        with step("Front end packages"):
            run_quietly([*found.npm, "ci", "--no-audit", "--no-fund"], WEB, found.environment())
            put_stamp(PACKAGES, lock)
    return found


def digest(places: Iterable[Path], also: Iterable[str] = ()) -> str:
    """Return one hash of the names and contents of every file in `places` (what is made there left out)."""
    total = hashlib.sha256()
    for words in also:
        total.update(words.encode())
    for file in sorted(file for place in places for file in _files(place)):
        content = file.read_bytes()
        total.update(f"{file.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def is_stamped(folder: Path, content: str) -> bool:
    """Tell whether what lies in `folder` was made from `content`."""
    try:
        return _stamp(folder).read_text(encoding="utf-8") == content
    except OSError:
        return False


def put_stamp(folder: Path, content: str) -> None:
    """Note in `folder` what it was made from: the last act, so a broken-off build is not taken as done."""
    _stamp(folder).write_text(content, encoding="utf-8")


def _stamp(folder: Path) -> Path:
    return folder / ".made-from"


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    if not place.is_dir() or place.name in MADE_FOLDERS:
        return []
    return [file for entry in place.iterdir() for file in _files(entry)]
