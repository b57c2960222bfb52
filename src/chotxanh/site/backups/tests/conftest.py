"""Fixtures of these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import Settings

from chotxanh.keys import sealed_files
from chotxanh.site.backups import postgresql, sqlite
from tests.stage import keys_of_the_tests, own_keys

__all__ = ["keys_of_the_tests", "own_keys"]
PASSPHRASE = "một câu khá dài, không ai đoán"


@pytest.fixture(autouse=True)
def own_home(
    own_keys: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A home folder with keys of this test alone, and a passphrase that costs little; the database as it was before."""
    monkeypatch.setenv("CHOTXANH_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(sealed_files, "_WORK", 4)
    settings.HOME = tmp_path
    settings.KEYS_DIRECTORY = tmp_path / "keys"
    settings.KEYS_DIRECTORY.mkdir()
    for file in own_keys.iterdir():
        if file.is_file() and file.name != "witness.json":
            (settings.KEYS_DIRECTORY / file.name).write_bytes(file.read_bytes())
    yield
    for kept in _sqlite_files():
        for left in kept.parent.glob(f"{kept.name}.before-restore-*"):
            left.unlink()


def _sqlite_files() -> list[Path]:
    return [Path(sqlite.file_of(alias)) for alias in connections] if connection.vendor == "sqlite" else []


@pytest.fixture
def new_machine() -> Iterator[Callable[[], None]]:
    """Let the database be an empty one, as on a new machine."""

    def begin() -> None:
        if connection.vendor == "postgresql":
            postgresql.drop_all()
        for file in _sqlite_files():
            connections.close_all()
            for suffix in sqlite.BESIDE_IT:
                file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)

    yield begin
    for alias in connections:  # for the tests that follow, whatever became of this one
        call_command("migrate", database=alias, interactive=False, verbosity=0)
