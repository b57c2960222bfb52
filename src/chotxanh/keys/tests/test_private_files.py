"""What lies on the disk is for its owner alone (finding D4)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from pytest_django import Settings

from chotxanh.configuration import databases_of, secret_key_of
from chotxanh.keys.making import make_missing_keys


@pytest.fixture
def open_machine() -> Iterator[None]:
    """A machine on which new files are for everybody, unless somebody sees to it."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes_in(folder: Path) -> dict[str, int]:
    """Return what each file and folder lets others do."""
    return {path.name: path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]}


def test_d4_databases_with_their_logs_and_keys_are_for_their_owner_alone(
    open_machine: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHOTXANH_SECRET_KEY", raising=False)
    home = tmp_path / "home"
    settings.KEYS_DIRECTORY = home / "keys"
    secret_key_of(home)
    described = databases_of(None, home)
    make_missing_keys()
    with ExitStack() as stack:
        for each in described.values():
            opened = stack.enter_context(closing(sqlite3.connect(each["NAME"])))
            opened.execute("PRAGMA journal_mode=WAL")
            opened.execute("CREATE TABLE kept (words TEXT)")
            opened.commit()
        found = modes_in(home)
    assert {"chotxanh.sqlite3-wal", "chotxanh.beside.sqlite3-shm", "ring.json"} <= found.keys()
    assert set(found.values()) == {0}


def test_d4_a_database_that_lay_open_is_closed_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "chotxanh.sqlite3"
    file.touch(0o644)
    file.chmod(0o644)
    databases_of(None, tmp_path)
    assert file.stat().st_mode & 0o077 == 0


def test_d4_keys_made_into_a_folder_that_was_open_close_it(tmp_path: Path, settings: Settings) -> None:
    settings.KEYS_DIRECTORY = tmp_path / "keys"
    (tmp_path / "keys").mkdir(mode=0o755)
    make_missing_keys()
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
