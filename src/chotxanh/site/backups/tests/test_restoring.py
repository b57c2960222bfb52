"""A restore switches everything or nothing, wherever the places lie, and loses no archive of facts."""

import errno
import gzip
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.archiving import archive_entries, restore_entries, signature_of
from chotxanh.ledger.models import Entry
from chotxanh.ledger.tests.test_restored import Desk
from chotxanh.site.backups import postgresql, sqlite
from chotxanh.site.rebuilding import fingerprints
from tests.cast import DRIVER
from tests.stage import set_the_stage

NAME = "2021-10-28.jsonl.gz"
pytestmark = pytest.mark.django_db(transaction=True)


def a_day_of_work() -> None:
    """Somebody is registered, and a sample taken."""
    stage = set_the_stage(timezone.now() - timedelta(hours=2))
    Desk(stage.station).work(stage.station.register(DRIVER), stage.station.collect("BR1", [DRIVER]))


def archived(home: Path) -> tuple[Path, int]:
    """Archive all of it; return the file, and how many facts are in it."""
    a_day_of_work()
    file = home / "archive" / NAME
    file.parent.mkdir()
    return file, archive_entries(timezone.now() + timedelta(days=1), file)


@pytest.mark.parametrize("left", ["both", "the file alone", "the signature alone", "nothing"])
def test_archived_facts_can_be_brought_back_whatever_archive_lay_there(
    left: str,
    tmp_path: Path,
    new_machine: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Another's file, or its signature alone, stayed in the place: the facts were lost, and nothing was said."""
    file, count = archived(tmp_path)
    call_command("backup", tmp_path / "backup")
    new_machine()
    file.unlink()
    signature_of(file).unlink()
    others = {file: gzip.compress(b""), signature_of(file): b"AAAA"}
    if left in ("both", "the file alone"):
        file.write_bytes(others[file])
    if left in ("both", "the signature alone"):
        signature_of(file).write_bytes(others[signature_of(file)])
    lay_there = sorted(each.read_bytes() for each in file.parent.iterdir())
    call_command("restore", tmp_path / "backup")
    assert restore_entries(file) == count > 0
    aside = sorted(each for each in file.parent.iterdir() if each not in (file, signature_of(file)))
    assert sorted(each.read_bytes() for each in aside) == lay_there
    assert ("Another archive" in capsys.readouterr().out) == bool(lay_there)
    if left == "both":
        assert signature_of(aside[0]) == aside[1]


def test_the_same_archive_is_left_where_it_lies(
    tmp_path: Path, new_machine: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    file, count = archived(tmp_path)
    call_command("backup", tmp_path / "backup")
    new_machine()
    call_command("restore", tmp_path / "backup")
    assert {each.name for each in file.parent.iterdir()} == {NAME, signature_of(file).name}
    assert "Another archive" not in capsys.readouterr().out
    assert restore_entries(file) == count


def test_an_archive_that_was_damaged_before_the_backup_displaces_no_good_one(
    tmp_path: Path, new_machine: Callable[[], None]
) -> None:
    file, count = archived(tmp_path)
    good = file.read_bytes()
    file.write_bytes(good[:-1])
    call_command("backup", tmp_path / "backup")
    file.write_bytes(good)
    new_machine()
    call_command("restore", tmp_path / "backup")
    assert restore_entries(file) == count
    assert sorted(each.read_bytes() for each in file.parent.glob("*.before-restore-*"))[0] == good[:-1]


def test_database_and_keys_may_lie_on_other_filesystems_than_the_home(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    new_machine: Callable[[], None],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It failed every time, once the keys were swapped."""
    elsewhere = tmp_path_factory.mktemp("another-filesystem") / "keys"
    settings.KEYS_DIRECTORY.rename(elsewhere)
    settings.KEYS_DIRECTORY = elsewhere
    a_day_of_work()
    call_command("backup", tmp_path / "backup")
    then, ring = fingerprints(), (elsewhere / "ring.json").read_bytes()
    new_machine()
    (elsewhere / "ring.json").unlink()
    rename, replace = os.rename, os.replace

    def across(do: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        def move(old: Any, new: Any) -> None:
            if Path(old).is_relative_to(tmp_path) != Path(new).is_relative_to(tmp_path):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            do(old, new)

        return move

    monkeypatch.setattr(os, "rename", across(rename))
    monkeypatch.setattr(os, "replace", across(replace))
    call_command("restore", tmp_path / "backup")
    assert fingerprints() == then
    assert (elsewhere / "ring.json").read_bytes() == ring
    assert {file.stat().st_mode & 0o077 for file in [elsewhere, *elsewhere.iterdir()]} == {0}
    assert not list(elsewhere.parent.glob("*.restoring"))


def test_what_fails_in_the_middle_leaves_all_as_it_lay_and_can_be_done_again(
    tmp_path: Path,
    new_machine: Callable[[], None],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, _count = archived(tmp_path)
    call_command("backup", tmp_path / "backup")
    then = fingerprints()
    new_machine()
    file.write_bytes(b"another's")
    (settings.KEYS_DIRECTORY / "ring.json").write_bytes(b"another's")
    place, rename = sqlite.file_of("default"), os.rename

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def move(old: Any, new: Any) -> None:
        is_last = str(new) == place and str(old).endswith(".restoring")
        (full if is_last else rename)(old, new)

    before = sorted(tmp_path.rglob("*"))
    with monkeypatch.context() as broken:
        if connection.vendor == "postgresql":
            broken.setattr(postgresql, "put_back", full)
        else:
            broken.setattr(os, "rename", move)
        with pytest.raises(CommandError, match=r"No space left.*as before"):
            call_command("restore", tmp_path / "backup")
    assert sorted(tmp_path.rglob("*")) == before
    assert (settings.KEYS_DIRECTORY / "ring.json").read_bytes() == file.read_bytes() == b"another's"
    call_command("restore", tmp_path / "backup")
    assert fingerprints() == then
    assert Entry.objects.filter(answer=Answer.APPLIED, body="").count() == restore_entries(file) > 0


def test_a_backup_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read.*Nothing was touched"):
        call_command("restore", tmp_path / "nothing")
