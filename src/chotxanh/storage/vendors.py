"""Which of the two databases this is, asked once: Django's proxy looks the thread up at every question."""

from functools import cache

from django.db import connection


@cache
def is_postgresql() -> bool:
    """Say whether the database is PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"
