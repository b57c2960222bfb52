"""One moment of the database, read without keeping anybody from writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything that the block reads come from one moment. The block must not write.

    Inside a caller's transaction the block is a part of that one.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with _sqlite_snapshot():
            yield


@contextmanager
def _sqlite_snapshot() -> Iterator[None]:
    # Django's own transactions are IMMEDIATE here: they would take the one writer's lock.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
