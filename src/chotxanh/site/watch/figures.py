"""What a monitor asks for, taken from the database and the machine at the moment it asks."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min

from chotxanh.beside.heard import heard
from chotxanh.keys.expiry import ends_at
from chotxanh.keys.signers import document_signer
from chotxanh.ledger.held import count_held
from chotxanh.ledger.queries import devices_off_duty
from chotxanh.ledger.server_clock import behind_by
from chotxanh.ledger.worker.models import DirtyKey, Errand
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.disputes import disputed
from chotxanh.site.backups.history import last_backup
from chotxanh.site.watch.clock import clock_offset

# A station polls every four seconds; one on duty that says nothing for so long has no line, or no power.
SILENT_AFTER = timedelta(minutes=10)
STATIONS_OF = timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """Ages in seconds, ends in days from now; None where there is nothing to tell. No figure is about a person."""

    errands_waiting: int
    errands_oldest: float
    errands_given_up: int
    dirty_keys: int
    dirty_keys_oldest: float
    held: int
    disputed: int
    stations_silent: int
    backup_age: float | None
    signer_days: float
    tls_days: float | None
    disk_free_bytes: int
    disk_free_share: float
    clock_offset: float | None
    clock_behind: float


def figures(now: datetime) -> Figures:
    """Return them at `now` (UTC). Raises KeysAtFault, OSError."""
    due = Errand.objects.filter(is_paused=False, gave_up_at=None, due_at__lte=now)
    errands = due.aggregate(count=Count("id"), since=Min("due_at"))
    dirty = DirtyKey.objects.aggregate(count=Count("id"), since=Min("noted_at"))
    taken = last_backup()
    disk = shutil.disk_usage(settings.HOME)
    return Figures(
        errands_waiting=errands["count"],
        errands_oldest=_age(errands["since"], now),
        errands_given_up=Errand.objects.filter(gave_up_at__isnull=False).count(),
        dirty_keys=dirty["count"],
        dirty_keys_oldest=_age(dirty["since"], now),
        held=count_held(WHOLE_PROVINCE).to_decide,
        disputed=disputed(WHOLE_PROVINCE).count(),
        stations_silent=stations_silent(now),
        backup_age=None if taken is None else (now - taken).total_seconds(),
        signer_days=_days(document_signer().certificate, now),
        tls_days=tls_days(now),
        disk_free_bytes=disk.free,
        disk_free_share=disk.free / disk.total,
        clock_offset=clock_offset(),
        clock_behind=max(behind_by(now).total_seconds(), 0.0),
    )


def stations_silent(now: datetime) -> int:
    """Count the stations heard within a day that say nothing any more though their shift goes on."""
    silent = {word.device for word in heard(since=now - STATIONS_OF) if now - word.heard_at > SILENT_AFTER}
    in_use = set(Device.objects.filter(id__in=silent, revoked_at=None).values_list("id", flat=True))
    return len(in_use - set(devices_off_duty(in_use)))


def tls_days(now: datetime) -> float | None:
    """Return in how many days the stated certificate ends; None where none is stated, or what is cannot be read."""
    file = settings.TLS_CERTIFICATE
    try:
        return _days(Path(file).read_bytes(), now) if file else None
    except (OSError, ValueError):
        return None


def _days(certificate: bytes, now: datetime) -> float:
    return (ends_at(certificate) - now) / timedelta(days=1)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
