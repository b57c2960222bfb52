"""Looks at a deployment as a careful administrator would; each fault is one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from chotxanh.keys.checks import check_keys
from chotxanh.keys.faults import KeysAtFault
from chotxanh.language.formats import show_number, show_time
from chotxanh.language.texts import text
from chotxanh.ledger.server_clock import MOST_BEHIND
from chotxanh.ledger.worker.backlog import behind_since
from chotxanh.ledger.worker.days import waits_since
from chotxanh.registers.duties.entries import province_number
from chotxanh.site.backups.history import kept_too_long
from chotxanh.site.backups.sqlite import file_of
from chotxanh.site.notice import BACKUP_DAYS
from chotxanh.site.watch.figures import Figures, figures, tls_days

OLDEST_BACKUP = timedelta(hours=26)  # one a night, and two hours to take it
LEAST_FREE_SHARE, LEAST_FREE_BYTES = 0.10, 2 * 10**9
MOST_CLOCK_OFFSET = 5.0
SIGNER_DAYS, TLS_DAYS = 60, 14
OF_OTHERS = 0o077


@dataclass(frozen=True)
class Fault:
    """One fault; `params` fill its sentence. Neither is ever about a person."""

    code: str
    params: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, and what helps."""
        return text(f"check.{self.code}", **self.params)


def faults(now: datetime) -> list[Fault]:
    """Return every fault at `now` (UTC); without a database only those of settings and files."""
    found = [*_settings(), *_files()]
    try:
        missing = sum(map(_migrations_missing, connections))
        if missing:
            return [*found, Fault("migrations_missing", {"count": str(missing)})]
        return [*found, *_of_keys(), *_of_figures(now)]
    except DatabaseError as error:
        return [*found, Fault("database_away", {"error": type(error.__cause__ or error).__name__})]


def _settings() -> Iterator[Fault]:
    beyond = [host for host in settings.ALLOWED_HOSTS if not _is_here(host)]
    hosts = {"hosts": ", ".join(beyond)}
    if settings.IS_DEMO and beyond:
        yield Fault("demonstration_public", hosts)
    if settings.DEBUG and beyond:
        yield Fault("debug_public")
    if "*" in beyond:
        yield Fault("hosts_any")
    if beyond and not settings.IS_BEHIND_HTTPS:
        yield Fault("https_missing", hosts)
    if settings.IS_BEHIND_HTTPS and not settings.CSRF_TRUSTED_ORIGINS:
        yield Fault("origins_missing")
    if settings.IS_BEHIND_HTTPS and not settings.PROXIES:
        yield Fault("proxies_missing")


def _files() -> Iterator[Fault]:
    keys = Path(settings.KEYS_DIRECTORY)
    opened = [file for file in [keys, *sorted(keys.rglob("*"))] if _is_open(file)]
    if opened:
        yield Fault("keys_open", {"file": str(opened[0])})
    for alias in connections:
        if connections[alias].vendor == "sqlite" and _is_open(Path(file_of(alias))):
            yield Fault("database_open", {"file": file_of(alias)})


def _of_keys() -> Iterator[Fault]:
    try:
        check_keys()
    except KeysAtFault:
        yield Fault("keys_unfit")


def _of_figures(now: datetime) -> Iterator[Fault]:
    if settings.TLS_CERTIFICATE and tls_days(now) is None:
        yield Fault("tls_unreadable", {"file": settings.TLS_CERTIFICATE})
    try:
        seen = figures(now)
    except KeysAtFault:
        return  # told already
    yield from _of_machine(seen)
    yield from _of_work(seen, now)
    if not settings.IS_DEMO:
        yield from _in_earnest(seen, now)


def _of_machine(seen: Figures) -> Iterator[Fault]:
    if seen.disk_free_share < LEAST_FREE_SHARE or seen.disk_free_bytes < LEAST_FREE_BYTES:
        free = show_number(seen.disk_free_bytes / 10**9, 1)
        yield Fault("disk_low", {"percent": show_number(seen.disk_free_share * 100), "gigabytes": free})
    server = {"server": settings.TIME_SERVER}
    if settings.TIME_SERVER and seen.clock_offset is None:
        yield Fault("clock_unknown", server)
    elif abs(seen.clock_offset or 0.0) > MOST_CLOCK_OFFSET:
        yield Fault("clock_off", {**server, "seconds": show_number(abs(seen.clock_offset or 0.0))})
    if seen.clock_behind > MOST_BEHIND.total_seconds():
        yield Fault("clock_behind", {"seconds": show_number(seen.clock_behind)})
    if seen.signer_days < SIGNER_DAYS:
        yield Fault("signer_ends", {"days": show_number(max(seen.signer_days, 0))})
    if seen.tls_days is not None and seen.tls_days < TLS_DAYS:
        yield Fault("tls_ends", {"days": show_number(max(seen.tls_days, 0))})


def _of_work(seen: Figures, now: datetime) -> Iterator[Fault]:
    if last := waits_since(now):
        yield Fault("calendar_waits", {"last": f"{last:%d/%m/%Y}", "today": show_time(now)})
    if since := behind_since(now):
        yield Fault("worker_behind", {"time": show_time(since)})
    if seen.errands_given_up:
        yield Fault("errands_given_up", {"count": show_number(seen.errands_given_up)})
    if seen.stations_silent:
        yield Fault("stations_silent", {"count": show_number(seen.stations_silent)})


def _in_earnest(seen: Figures, now: datetime) -> Iterator[Fault]:
    """What a demonstration may lack."""
    if seen.backup_age is None:
        yield Fault("backup_missing")
    elif seen.backup_age < 0:
        yield Fault("backup_in_future")
    elif seen.backup_age > OLDEST_BACKUP.total_seconds():
        yield Fault("backup_old", {"hours": show_number(seen.backup_age / 3600)})
    yield from _of_kept_backups(now)
    if not province_number(now):
        yield Fault("duty_missing")


def _of_kept_backups(now: datetime) -> Iterator[Fault]:
    """What the notice promises of those who were erased: after so many days no backup remembers them."""
    try:
        old = kept_too_long(BACKUP_DAYS, now)
    except OSError as error:
        yield Fault("backups_unseen", {"folder": str(error.filename)})
        return
    if old:
        yield Fault("backups_kept", {"days": str(BACKUP_DAYS), "file": str(old[0]), "count": str(len(old))})


def _migrations_missing(alias: str) -> int:
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _is_open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & OF_OTHERS)
    except FileNotFoundError:
        return False


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
