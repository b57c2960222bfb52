"""Where workers count what they answer: in memory, so that a full disk ends nobody who counts.

Each process maps a file of its own (`counter_<process>.db`) and writes into it; where the disk has no room left for
what is mapped, the system ends the process that writes (SIGBUS).
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from chotxanh.cli.paths import home

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of its own in it, which nobody else may enter
OF_SERVICE = "RUNTIME_DIRECTORY"  # systemd.exec(5), RuntimeDirectory=; several are parted by colons


def counts_folder(environment: Mapping[str, str]) -> Path:
    """Make the folder, in memory where there is one that nobody else may enter, and return it; dead ones' files go."""
    place = Path(environment.get("CHOTXANH_HOME", home()))
    folder = _of_service(environment) or _in_memory(place) or place / "metrics"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_the_dead(folder)
    return folder


def _of_service(environment: Mapping[str, str]) -> Path | None:
    given = environment.get(OF_SERVICE, "").partition(":")[0]
    return Path(given, "metrics") if given else None


def _in_memory(place: Path) -> Path | None:
    """A folder for this home alone. None where there is no such memory, or somebody else made the folder before."""
    if not os.access(MEMORY, os.W_OK):
        return None
    folder = MEMORY / f"chotxanh-{hashlib.sha256(os.fsencode(place.resolve())).hexdigest()[:16]}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    is_ours = found.st_uid == os.geteuid() and found.st_mode & 0o777 == 0o700 and not folder.is_symlink()
    return folder if is_ours else None


def _forget_the_dead(folder: Path) -> None:
    """Remove the files of processes that are gone: each start would leave some behind for ever."""
    for file in folder.glob("counter_*.db"):
        number = file.stem.partition("_")[2]
        if not (number.isdigit() and _lives(int(number))):
            file.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another's
        return True
    return True
