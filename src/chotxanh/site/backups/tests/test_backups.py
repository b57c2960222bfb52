"""A backup holds database and keys, goes back whole or not at all, and loses nothing that stations still keep."""

import os
import stat
import tarfile
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from chotxanh.keys import sealed_files
from chotxanh.ledger.feed.head import feed_head
from chotxanh.ledger.models import Entry
from chotxanh.ledger.tests.test_restored import Desk, applied
from chotxanh.site.backups import postgresql, restoring, sqlite, taking
from chotxanh.site.backups.history import last_backup, name_at
from chotxanh.site.backups.taking import forget_old
from chotxanh.site.backups.tests.conftest import PASSPHRASE
from chotxanh.site.rebuilding import fingerprints
from tests.cast import ASSISTANT, DRIVER, PASSENGER
from tests.device import Station
from tests.stage import set_the_stage

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_the_drill_restores_to_an_hour_ago_while_stations_work_and_loses_nothing(
    tmp_path: Path, new_machine: Callable[[], None], settings: Settings
) -> None:
    stage = set_the_stage(timezone.now() - timedelta(hours=2))
    first, second = Desk(stage.station), Desk(Station())
    second.station.enrol()
    second.work(second.station.start_shift(stage.staff.officer))
    first.work(first.station.register(DRIVER), first.station.collect("BR1", [DRIVER]))
    call_command("backup", tmp_path / "an-hour-ago")
    then, epoch = fingerprints(), feed_head().node_epoch
    first.work(first.station.register(ASSISTANT))
    second.work(second.station.register(PASSENGER), second.station.collect("BR2", [PASSENGER]))
    acknowledged = {*first.kept, *second.kept}
    ring = (settings.KEYS_DIRECTORY / "ring.json").read_bytes()

    new_machine()
    (settings.KEYS_DIRECTORY / "ring.json").unlink()
    call_command("restore", tmp_path / "an-hour-ago")

    assert (settings.KEYS_DIRECTORY / "ring.json").read_bytes() == ring, "the keys are back"
    assert fingerprints() == then, "every table is as it was"
    assert feed_head().node_epoch != epoch, "a new life began, of which every station hears"
    assert not acknowledged <= applied(), "the backup knows less"
    for desk in (first, second):
        assert set(desk.send_again()) == {"duplicate", "applied"}
    assert acknowledged <= applied()
    first.work(first.station.declare(DRIVER))  # numbers go on above those that were put back


def test_a_backup_is_for_its_owner_alone_and_tells_nothing(tmp_path: Path) -> None:
    stage = set_the_stage()
    Desk(stage.station).work(stage.station.register(DRIVER))
    call_command("backup", tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    content = (tmp_path / "backup").read_bytes()
    assert content.startswith(sealed_files.MAGIC)
    assert b"ledger_entry" not in content
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("backup")] == ["backup"]
    taken = last_backup()
    assert taken is not None
    assert timezone.now() - taken < timedelta(minutes=5)


def test_over_entries_nothing_is_put_back_and_nothing_is_touched(tmp_path: Path) -> None:
    set_the_stage()
    call_command("backup", tmp_path / "backup")
    before, keys = fingerprints(), sorted((tmp_path / "keys").iterdir())
    with pytest.raises(CommandError, match=r"holds entries.*Nothing was touched"):
        call_command("restore", tmp_path / "backup")
    assert (fingerprints(), sorted((tmp_path / "keys").iterdir())) == (before, keys)


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content[:-40] + bytes(40)])
def test_what_is_not_whole_is_refused_before_anything_is_touched(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    call_command("backup", tmp_path / "backup")
    (tmp_path / "spoiled").write_bytes(spoil((tmp_path / "backup").read_bytes()))
    keys = sorted((tmp_path / "keys").iterdir())
    with pytest.raises(CommandError, match=r"does not open.*Nothing was touched"):
        call_command("restore", tmp_path / "spoiled")
    assert sorted((tmp_path / "keys").iterdir()) == keys
    assert Entry.objects.count() == 0, "the tables are there"


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("backup", tmp_path / "backup")
    monkeypatch.setattr(restoring, "migrations_unknown", lambda read: ["ledger.0002_later"])
    with pytest.raises(CommandError, match="newer release"):
        call_command("restore", tmp_path / "backup")


def test_another_passphrase_and_a_file_in_the_way_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", tmp_path / "backup")
    monkeypatch.setenv("CHOTXANH_BACKUP_PASSPHRASE", PASSPHRASE + "?")
    with pytest.raises(CommandError, match="does not open"):
        call_command("restore", tmp_path / "backup")
    monkeypatch.delenv("CHOTXANH_BACKUP_PASSPHRASE")
    with pytest.raises(CommandError, match="at least 16"):
        call_command("backup", tmp_path / "another")
    assert not (tmp_path / "another").exists()


def test_a_passphrase_that_is_no_text_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("backup", tmp_path / "backup")
    monkeypatch.setenv("CHOTXANH_BACKUP_PASSPHRASE", PASSPHRASE + os.fsdecode(b"\xff"))
    for command, file in (("backup", "another"), ("restore", "backup")):
        with pytest.raises(CommandError, match="not UTF-8"):
            call_command(command, tmp_path / file)
    assert not (tmp_path / "another").exists()


def test_keys_renewed_while_a_backup_is_taken_leave_none(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it held would be sealed by keys that it lacks."""
    add = taking._add_archive

    def renewing(*what: Any) -> None:
        (settings.KEYS_DIRECTORY / "renewed.json").write_bytes(b"{}")
        add(*what)

    monkeypatch.setattr(taking, "_add_archive", renewing)
    with pytest.raises(CommandError, match="Keys were renewed meanwhile"):
        call_command("backup", tmp_path / "backup")
    assert [file for file in tmp_path.iterdir() if file.name.startswith("backup")] == []
    assert last_backup() is None


def test_a_folder_of_backups_forgets_those_past_their_days(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old, young = (folder / name_at(timezone.now() - timedelta(days=days)) for days in (31, 29))
    draft = folder / f"{old.name}.abcdefgh"
    old.touch()
    draft.touch()
    young.touch()
    (folder / name_at(timezone.now() - timedelta(days=1))).touch()
    call_command("backup", folder, keep_days=30)
    assert not old.exists()
    assert not draft.exists(), "of a backup that was stopped"
    assert young in (left := sorted(folder.iterdir()))
    assert len(left) == 3


def backups_of(folder: Path, *days: int) -> list[str]:
    """Lay out backups that are so many days old; return their names."""
    folder.mkdir(exist_ok=True)
    files = [folder / name_at(timezone.now() - timedelta(days=day)) for day in days]
    for file in files:
        file.touch()
    return sorted(file.name for file in files)


def test_a_clock_that_is_ahead_for_one_night_forgets_no_good_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, right = backups_of(tmp_path / "backups", 20, 10, 1), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: right + timedelta(days=40))
    call_command("backup", tmp_path / "backups", keep_days=30)
    left = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert left[:3] == good
    assert len(left) == 4
    assert "No backup was forgotten" in capsys.readouterr().out


@pytest.mark.parametrize("nights", [1, 3])
def test_a_clock_that_is_behind_for_some_nights_costs_no_good_backup(tmp_path: Path, nights: int) -> None:
    """All were named after that night, and forgotten three nights on."""
    folder, now = tmp_path / "backups", timezone.now()
    good = backups_of(folder, *range(20))
    for night in range(nights):
        wrong = now - timedelta(days=2000 - night)
        (folder / name_at(wrong)).touch()
        assert forget_old(folder, 29, wrong) is None
    for night in range(1, 4):
        right = now + timedelta(days=night)
        (folder / name_at(right)).touch()
        forget_old(folder, 29, right)
    assert set(good) <= {file.name for file in folder.iterdir()}


def test_by_a_clock_behind_the_ledger_nothing_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(taking, "behind_by", lambda _now: timedelta(seconds=6), raising=False)
    kept = backups_of(tmp_path / "backups", 40, 1, 0)
    assert forget_old(tmp_path / "backups", 30, now) is None
    monkeypatch.setattr(taking, "behind_by", lambda _now: timedelta(seconds=5))
    assert [file.name for file in forget_old(tmp_path / "backups", 30, now) or ()] == kept[:1]


@pytest.mark.parametrize("days", [0, -5])
def test_no_number_of_days_deletes_the_backup_just_taken(tmp_path: Path, days: int) -> None:
    """`--keep-days -5` deleted every backup, and the new one with them."""
    good = backups_of(tmp_path / "backups", 3, 0)
    with pytest.raises(CommandError, match=r"would keep no backup.*Nothing was written"):
        call_command("backup", tmp_path / "backups", keep_days=days)
    forget_old(tmp_path / "backups", days, timezone.now())
    assert [file.name for file in (tmp_path / "backups").iterdir()] == good[1:]


def test_a_backup_that_is_dated_in_the_future_is_forgotten_in_its_time(tmp_path: Path) -> None:
    folder, now = tmp_path / "backups", timezone.now()
    (last_night,) = backups_of(folder, 1)
    backups_of(folder, -3650)
    assert forget_old(folder, 30, now) == []
    assert {file.name for file in folder.iterdir()} == {last_night, name_at(now)}
    (folder / last_night).unlink()
    backups_of(folder, -30)  # last night's
    forgotten = forget_old(folder, 30, now + timedelta(days=31)) or ()
    assert [file.name for file in forgotten] == [name_at(now)]


def test_what_lies_unsealed_lies_in_the_home_and_a_share_without_second_names_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, made = tmp_path / "backups", set[str]()
    folder.mkdir()
    add = taking._add

    def noting(*what: Any) -> None:
        made.update(file.name.partition(".")[0] for file in folder.iterdir())
        add(*what)

    def link(*_names: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(taking, "_add", noting)
    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    call_command("backup", folder / "backup")
    assert made == {"backup"}, "its draft, which is sealed"
    assert [file.name for file in folder.iterdir()] == ["backup"]
    assert (folder / "backup").read_bytes().startswith(sealed_files.MAGIC)
    assert stat.S_IMODE((folder / "backup").stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", folder / "backup")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="with SQLite no table is dropped")
@pytest.mark.django_db(transaction=True)
def test_a_database_with_tables_of_others_is_left_alone(tmp_path: Path) -> None:
    """Every table of the database was dropped."""
    call_command("backup", tmp_path / "backup")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE vaccinations AS SELECT 1 AS person")
        try:
            with pytest.raises(
                CommandError, match=r"not of this product \(vaccinations\).*Nothing was touched"
            ):
                call_command("restore", tmp_path / "backup")
            call_command("backup", tmp_path / "beside-others")  # nor is what is not ours taken along
            cursor.execute("SELECT person FROM vaccinations")
            assert cursor.fetchall() == [(1,)]
        finally:
            cursor.execute("DROP TABLE IF EXISTS vaccinations")
    assert "vaccinations" not in {table.name for table in postgresql.tables()}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's files are copied whole")
def test_every_table_is_one_that_backups_know() -> None:
    there = {*connection.introspection.table_names()} - {postgresql.HISTORY}
    assert there == {table.name for table in postgresql.tables()}


def test_facts_that_leave_while_a_backup_is_taken_are_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive was listed before the database was read: what moved in between was in neither."""
    archive, names = tmp_path / "archive", list[str]()
    add = taking._add

    def noting(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
        if name.startswith((postgresql.FOLDER, sqlite.FOLDER)) and not archive.exists():
            archive.mkdir()
            for left in ("2021-10-25.jsonl.gz", "2021-10-26.jsonl.gz.part"):
                (archive / left).touch()
        names.append(name)
        add(tar, name, content)

    monkeypatch.setattr(taking, "_add", noting)
    call_command("backup", tmp_path / "backup")
    assert [name for name in names if name.startswith("archive/")] == ["archive/2021-10-25.jsonl.gz"]
