"""What a backup says of itself, first of all its members."""

from datetime import datetime

import msgspec
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MANIFEST, KEYS = "manifest.json", "keys/"
# Facts that have left the database: its folder in a home, and in a backup.
ARCHIVE = "archive"


class Table(msgspec.Struct, frozen=True):
    """A table of PostgreSQL with the columns that were copied, in their order."""

    name: str
    columns: list[str]


class Manifest(msgspec.Struct, frozen=True):
    """`migrations` are those applied to each database, as app and name; `tables` are PostgreSQL's."""

    vendor: str
    made_at: datetime
    migrations: dict[str, list[tuple[str, str]]]
    tables: list[Table] = []


def migrations_applied() -> dict[str, list[tuple[str, str]]]:
    """Return the migrations of this product that each database has."""
    known = {app.label for app in apps.get_app_configs()}
    return {
        alias: sorted(
            key for key in MigrationRecorder(connections[alias]).applied_migrations() if key[0] in known
        )
        for alias in connections
    }


def migrations_unknown(manifest: Manifest) -> list[str]:
    """Return the migrations of a backup that this release does not have: a newer one made it."""
    on_disk = MigrationLoader(None).disk_migrations or {}
    asked = {key for keys in manifest.migrations.values() for key in keys}
    return sorted(".".join(key) for key in asked - set(on_disk))
