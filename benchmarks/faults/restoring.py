"""The campaign in which a backup is put back that knows less than the stations were told."""

import tempfile
import threading
from pathlib import Path

from django.conf import settings

from benchmarks.faults.backups import put_back, take_backup
from benchmarks.faults.flowing import forget_connections
from benchmarks.faults.keeping import UNKNOWN, KeepingStation
from benchmarks.faults.strikes import Strike
from benchmarks.faults.traffic import Lane
from benchmarks.progress import tell
from chotxanh.cli.stopped import Stopped
from chotxanh.ledger.feed.witness import FILE as WITNESS
from chotxanh.ledger.models import Entry
from chotxanh.registers.devices.models import Device

LEAST_AFTER_BACKUP = 30
LOOK_EVERY_SECONDS, GIVE_UP_AFTER_SECONDS = 0.05, 60
WITNESS_KEPT_SHARE = 0.5


class BackupPutBack(Strike):
    """Takes a backup, lets more be acknowledged and one more station be enrolled, and puts the backup back.

    Every other time, by chance, the file beside the keys that would notice it is gone too, as on a new machine: then
    the receipts alone must tell. There are no citizens, for nobody keeps what they sent.
    """

    station = KeepingStation
    has_citizens = False
    harmless = frozenset({UNKNOWN})

    def strike(self) -> None:
        """Put back a backup that lacks what was acknowledged. Raises Stopped if it lacks nothing."""
        with tempfile.TemporaryDirectory(prefix="chotxanh-backup-") as name:
            folder = Path(name)
            take_backup(self.stage.setting, folder)
            late = self._work_on()
            with self.stage.stopped():
                acknowledged = self.traffic.settled
                forget_connections()
                put_back(self.stage.setting, folder)
                if self.draw.random() >= WITNESS_KEPT_SHARE:
                    Path(settings.KEYS_DIRECTORY, WITNESS).unlink(missing_ok=True)
                _check_that_it_lacks(acknowledged, late)

    def _work_on(self) -> Lane:
        """Enrol one more station, and wait until enough was acknowledged after the backup, some of it to that one."""
        before, late = self.traffic.acknowledged, self.traffic.enrol_lane()
        self.traffic.start(late.work)
        pause, waited = threading.Event(), 0.0
        while not late.station.settled or self.traffic.acknowledged - before < LEAST_AFTER_BACKUP:
            if waited > GIVE_UP_AFTER_SECONDS:
                raise Stopped("Too little was acknowledged after the backup.")
            pause.wait(LOOK_EVERY_SECONDS)
            waited += LOOK_EVERY_SECONDS
        return late


def _check_that_it_lacks(acknowledged: set[str], late: Lane) -> None:
    known = set(map(str, Entry.objects.values_list("id", flat=True)))
    is_enrolled = Device.objects.filter(id=late.station.device).exists()
    forget_connections()
    if acknowledged <= known or is_enrolled:
        raise Stopped("The backup lacks nothing: nothing was tried.")
    tell(f"  a backup without {len(acknowledged - known)} acknowledged entries was put back")
