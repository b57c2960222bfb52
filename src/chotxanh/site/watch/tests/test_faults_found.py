"""`./chotxanh check` says each fault of a deployment in one sentence, and nothing of one that is in order."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from pytest_django import Settings

from chotxanh.keys.faults import KeysMissing
from chotxanh.language.texts import catalogue
from chotxanh.ledger.worker.models import Errand
from chotxanh.site.backups.history import name_at, remember_backup
from chotxanh.site.backups.sqlite import file_of
from chotxanh.site.backups.taking import take_backup
from chotxanh.site.notice import BACKUP_DAYS
from chotxanh.site.watch import faults as module
from chotxanh.site.watch.faults import Fault, faults
from chotxanh.site.watch.figures import figures
from tests.stage import Stage

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_order(stage: Stage, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration on this machine alone, whose files are its own."""
    settings.IS_DEMO, settings.HOME, settings.DEBUG = True, tmp_path, False
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    monkeypatch.setattr(module, "SIGNER_DAYS", float("-inf"))  # the keys of the tests are those of July 2021
    monkeypatch.setattr(module, "LEAST_FREE_SHARE", 0.0)
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 0)
    for file in [settings.KEYS_DIRECTORY, *Path(settings.KEYS_DIRECTORY).rglob("*")]:
        Path(file).chmod(0o700)
    for alias in connections if connection.vendor == "sqlite" else ():
        Path(file_of(alias)).chmod(0o600)


def codes() -> set[str]:
    return {fault.code for fault in faults(timezone.now())}


def in_earnest(settings: Settings) -> None:
    """A province's own server, with everything it needs but a duty number."""
    settings.IS_DEMO, settings.IS_BEHIND_HTTPS, settings.PROXIES = False, True, 1
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["chot.example"], ["https://chot.example"]
    remember_backup(timezone.now() - HOUR)


def test_what_is_in_order_has_no_fault(settings: Settings) -> None:
    assert codes() == set()
    in_earnest(settings)
    assert codes() == {"duty_missing"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"IS_DEMO": True}, {"demonstration_public"}),
        ({"DEBUG": True}, {"debug_public", "duty_missing"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"hosts_any", "duty_missing"}),
        ({"IS_BEHIND_HTTPS": False}, {"https_missing", "duty_missing"}),
        ({"ALLOWED_HOSTS": ["testserver"], "IS_BEHIND_HTTPS": False}, {"https_missing", "duty_missing"}),
        ({"CSRF_TRUSTED_ORIGINS": []}, {"origins_missing", "duty_missing"}),
        ({"PROXIES": 0}, {"proxies_missing", "duty_missing"}),
        ({"TLS_CERTIFICATE": "/nowhere.pem"}, {"tls_unreadable", "duty_missing"}),
        ({"TLS_CERTIFICATE": __file__}, {"tls_unreadable", "duty_missing"}),
        ({"TIME_SERVER": "127.0.0.1:9"}, {"clock_unknown", "duty_missing"}),
    ],
    ids=str,
)
def test_each_wrong_setting_is_said(settings: Settings, change: dict[str, object], found: set[str]) -> None:
    in_earnest(settings)
    for name, value in change.items():
        setattr(settings, name, value)
    assert codes() == found


def test_files_that_others_can_read_are_said(settings: Settings) -> None:
    Path(settings.KEYS_DIRECTORY, "ring.json").chmod(0o640)
    assert codes() == {"keys_open"}
    if connection.vendor == "sqlite":
        Path(file_of("default")).chmod(0o644)
        assert codes() == {"keys_open", "database_open"}


def test_a_backup_that_is_missing_or_old_is_said(settings: Settings, tmp_path: Path) -> None:
    in_earnest(settings)
    remember_backup(timezone.now() - 27 * HOUR)
    assert "backup_old" in codes()
    (tmp_path / "last-backup.json").unlink()
    assert "backup_missing" in codes()


@pytest.mark.parametrize("is_named_by_hand", [False, True])
def test_a_backup_kept_for_longer_than_the_notice_says_is_named(
    settings: Settings, tmp_path: Path, *, is_named_by_hand: bool
) -> None:
    """Nobody looked whether backups are deleted, and with them whoever was erased since."""
    in_earnest(settings)
    now, folder = timezone.now(), tmp_path / "backups"
    folder.mkdir()
    days = timedelta(days=1)
    for age in (BACKUP_DAYS - 1, BACKUP_DAYS + 1):
        taken = now - age * days
        file = folder / ("by-hand.backup" if is_named_by_hand else name_at(taken))
        take_backup(file, "one-two-three-four-five", taken)
        os.utime(file, times=(taken.timestamp(), taken.timestamp()) if is_named_by_hand else None)
        if age < BACKUP_DAYS:
            assert "backups_kept" not in codes()
            file.unlink()
    remember_backup(now - HOUR, tmp_path)
    (fault,) = [each for each in faults(now) if each.code == "backups_kept"]
    assert file.name in fault.sentence
    assert f"{BACKUP_DAYS} ngày" in fault.sentence
    assert "backup_old" not in codes()
    file.unlink()
    assert "backups_kept" not in codes()


def test_a_folder_of_backups_that_cannot_be_read_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_earnest(settings)
    remember_backup(timezone.now() - HOUR, tmp_path)

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "backups_unseen" in codes()


def test_a_worker_that_does_not_run_and_errands_given_up_are_said() -> None:
    now = timezone.now()
    Errand.objects.create(name="a", key="1", due_at=now - HOUR)
    Errand.objects.create(name="a", key="2", due_at=now - HOUR, gave_up_at=now)
    assert codes() == {"worker_behind", "errands_given_up"}


def test_a_full_disk_and_an_ending_signer_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_FREE_SHARE", 1.0)
    monkeypatch.setattr(module, "SIGNER_DAYS", 60)
    assert codes() == {"disk_low", "signer_ends"}


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ({"clock_offset": 5.0}, set()),
        ({"clock_offset": 5.1}, {"clock_off"}),
        ({"clock_offset": -5.1}, {"clock_off"}),
        ({"tls_days": 14.0}, set()),
        ({"tls_days": 13.9}, {"tls_ends"}),
        ({"tls_days": -1.0}, {"tls_ends"}),
        ({"stations_silent": 0}, set()),
        ({"stations_silent": 1}, {"stations_silent"}),
    ],
    ids=str,
)
def test_a_clock_that_is_off_an_ending_tls_certificate_and_silent_stations_are_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, seen: dict[str, Any], found: set[str]
) -> None:
    settings.TIME_SERVER = "ntp.example"
    monkeypatch.setattr(module, "figures", lambda now: replace(figures(now), **{"clock_offset": 0.0} | seen))
    assert codes() == found


def test_a_clock_behind_the_latest_entry_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chotxanh.site.watch.figures.behind_by", lambda now: timedelta(seconds=9))
    assert codes() == {"clock_behind"}


def test_other_keys_and_an_older_database_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "check_keys", _raising(KeysMissing("ring.json")))
    assert "keys_unfit" in codes()
    monkeypatch.setattr(module, "_migrations_missing", lambda alias: 2)
    assert codes() == {"migrations_missing"}
    (fault,) = faults(timezone.now())
    assert "serve --prepare" in fault.sentence, "`manage migrate` leaves SQLite's second file behind"


def test_without_a_database_settings_and_files_are_looked_at_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = ["chot.example"]
    monkeypatch.setattr(module, "_migrations_missing", _raising(DatabaseError("of Nguyễn Văn An")))
    assert codes() == {"demonstration_public", "https_missing", "database_away"}
    assert "Nguyễn" not in " ".join(fault.sentence for fault in faults(timezone.now()))


def test_the_command_answers_a_list_and_one_while_there_is_a_fault(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("deployment", json=True)
    assert json.loads(capsys.readouterr().out) == []
    settings.ALLOWED_HOSTS = ["chot.example"]
    with pytest.raises(SystemExit, match="1"):
        call_command("deployment", json=True, language="en")
    listed = json.loads(capsys.readouterr().out)
    assert [set(each) for each in listed] == [{"code", "sentence"}] * 2
    assert "knows its passwords" in listed[0]["sentence"]


def test_every_sentence_belongs_to_a_fault_and_is_one() -> None:
    source = Path(module.__file__).read_text(encoding="utf-8")
    told = {key.removeprefix("check.") for key in catalogue() if key.startswith("check.")} - {"none"}
    assert all(f'Fault("{code}"' in source for code in told)
    made = {part.split('"')[0] for part in source.split('Fault("')[1:]}
    assert made == told
    with pytest.raises(KeyError):
        _ = Fault("unheard_of").sentence


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail
