"""Folders in the home that hold a database or keys unsealed for a while, and none for longer than who works in them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from chotxanh.storage.files import hold

# In each such folder, held while it is worked in. What has none is somebody else's, whatever its name.
IN_HAND = "in-hand.lock"


@contextmanager
def unsealed_folder(prefix: str) -> Iterator[Path]:
    """Give a new folder for a block, and first sweep those of processes that were killed."""
    sweep()
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=prefix) as folder, hold(Path(folder, IN_HAND)):
        yield Path(folder)


def sweep() -> int:
    """Remove what killed processes left unsealed; return how many folders there were."""
    left = [lock.parent for lock in Path(settings.HOME).glob(f"*/{IN_HAND}") if _is_free(lock)]
    for folder in left:
        shutil.rmtree(folder)
    return len(left)


def _is_free(lock: Path) -> bool:
    with hold(lock) as is_ours:
        return is_ours
