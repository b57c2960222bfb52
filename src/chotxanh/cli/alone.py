"""Lets one process at a time prepare a database: those that start with it wait, and then find it prepared."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings

if sys.platform != "win32":
    import fcntl

# PostgreSQL lets two create one table up to its last step, where one of them dies by a unique index. The lock is a
# transaction's, not a session's: a pooler may give the next statement to another session. It is asked for again and
# again: a statement that waits for it holds a snapshot, which the building of an index beside writes would wait for.
TRY = "SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || '/preparing'))"
STAY = "SET LOCAL idle_in_transaction_session_timeout = 0"
TRY_EVERY_SECONDS = 0.2


@contextmanager
def alone_in_preparing(url: str) -> Iterator[None]:
    """Wait until nobody else prepares the database at `url`, empty for the SQLite file of these settings, and hold it.

    The end of this process ends it, however it comes. Raises psycopg.Error, OSError.
    """
    if not url.startswith("postgres"):
        with _alone_at(Path(f"{settings.DATABASES['default']['NAME']}.preparing")):
            yield
        return
    with psycopg.connect(url) as connection:
        connection.execute(STAY)
        while connection.execute(TRY).fetchone() == (False,):
            time.sleep(TRY_EVERY_SECONDS)
        yield


@contextmanager
def _alone_at(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
