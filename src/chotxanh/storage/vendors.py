"""Which of the two databases this is, asked once: Django's proxy looks the thread up at every question."""

from functools import cache

import psycopg
from django.db import connection

# SQLSTATE of a connection that broke, and of a server that stops, crashed or starts (PostgreSQL, appendix A).
LOCK_NOT_AVAILABLE = "55P03"
ENDED = ("08", "57P01", "57P02", "57P03")


@cache
def is_postgresql() -> bool:
    """Say whether the database is PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"


def is_held_by_others(error: BaseException) -> bool:
    """Say whether PostgreSQL's lock was waited for too long: others hold it, such as a rebuild the whole ledger."""
    return getattr(error.__cause__, "sqlstate", None) == LOCK_NOT_AVAILABLE


def went_away(error: BaseException) -> bool:
    """Say whether PostgreSQL ended the connection, or gave none: the same may succeed on another one."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(ENDED)  # what libpq says by itself has no code
