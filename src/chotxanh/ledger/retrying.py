"""Tries a transaction again that the database cancelled in favour of another one."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg.errors import SerializationFailure

from chotxanh.domain.problems import Problem
from chotxanh.storage.prepared import sending_together
from chotxanh.storage.vendors import is_held_by_others, went_away

T = TypeVar("T")
PAUSES_SECONDS = (0.01, 0.05, 0.25)
# SQLSTATE of a serialization failure, of a deadlock, and of a full lock table (PostgreSQL, appendix A).
CANCELLED = {"40001", "40P01", "53200"}
SQLITE_BUSY = 5
LOWER_BYTE = 0xFF  # the primary code of an extended one


def in_one_transaction(work: Callable[[], T], *, savepoint: bool = False) -> T:
    """Run `work` in a transaction; where it is the outermost one and the database cancels it, three times more.

    Likewise where the connection breaks before the end is sent; what became of a COMMIT under way nobody knows.
    `work` must begin anew each time. Inside a caller's transaction it is a part of that one, taken back alone if it
    raises only with a `savepoint`, which costs two statements. Raises Problem("busy" or "database_away").
    """
    if connection.in_atomic_block:
        with transaction.atomic(savepoint=savepoint), sending_together():
            return work()
    for pause in (*PAUSES_SECONDS, None):
        is_over = False
        try:
            with transaction.atomic(), sending_together(commits=True):
                done = work()
                is_over = True
            return done
        except (OperationalError, InterfaceError) as error:
            has_lost_line = went_away(error)
            if pause is None or not (was_cancelled(error) or (has_lost_line and not is_over)):
                raise _told(error) from error
            if has_lost_line:
                connection.close()
        time.sleep(pause * (1 + random.random()))  # noqa: S311 - so that two do not meet again
    raise AssertionError("the last attempt returns or raises")


def give_way() -> OperationalError:
    """Return what to raise where another transaction turns out to have done the same first: it is as if cancelled."""
    error = OperationalError("another transaction did it first")
    error.__cause__ = SerializationFailure()
    return error


def was_cancelled(error: OperationalError | InterfaceError) -> bool:
    """Say whether the database gave way to another transaction, so that trying again may succeed."""
    return getattr(error.__cause__, "sqlstate", None) in CANCELLED


def _told(error: OperationalError | InterfaceError) -> Exception:
    """What the caller is told. SQLite's writer that did not get its turn has waited long enough already."""
    if went_away(error):
        return Problem("database_away")
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    is_busy = code is not None and code & LOWER_BYTE == SQLITE_BUSY
    return Problem("busy") if was_cancelled(error) or is_held_by_others(error) or is_busy else error
