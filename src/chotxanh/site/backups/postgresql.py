"""PostgreSQL: each table copied in one snapshot by COPY, so that no program of PostgreSQL's must be at hand."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from chotxanh.site.backups.manifest import Manifest, Table
from chotxanh.storage.snapshots import snapshot

FOLDER = "postgresql/"
CHUNK_BYTES = 1 << 16
HISTORY = "django_migrations"  # written by migrating, before anything is put back
_COLUMNS = """
SELECT columns.table_name, array_agg(columns.column_name::text ORDER BY columns.ordinal_position)
FROM information_schema.columns AS columns JOIN information_schema.tables AS tables USING (table_schema, table_name)
WHERE columns.table_schema = current_schema() AND tables.table_type = 'BASE TABLE' AND columns.table_name <> %s
    AND columns.is_generated = 'NEVER'
GROUP BY columns.table_name ORDER BY columns.table_name
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def tables() -> list[Table]:
    """Return every table of this product with its columns."""
    ours = _ours()
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [HISTORY])
        return [Table(name, columns) for name, columns in cursor.fetchall() if name in ours]


def tables_of_others(manifest: Manifest) -> list[str]:
    """Return the tables that neither this release has nor the one that made the backup."""
    known = {HISTORY, *_ours(), *(table.name for table in manifest.tables)}
    return sorted(set(connection.introspection.table_names()) - known)


def _ours() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


def copied(folder: Path, wanted: Sequence[Table]) -> Iterator[tuple[str, IO[bytes]]]:
    """Copy the tables while the server goes on; yields each one's name in the backup with its rows."""
    with snapshot():
        for table in wanted:
            with tempfile.TemporaryFile(dir=folder) as rows:
                with _driver().copy(_copy(table, "TO STDOUT")) as copy:
                    for part in copy:
                        rows.write(part)
                rows.seek(0)
                yield f"{FOLDER}{table.name}", rows


def are_whole(folder: Path, manifest: Manifest) -> bool:
    """Say whether the rows of every table are there."""
    return all((folder / FOLDER / table.name).is_file() for table in manifest.tables)


def others_connected() -> int:
    """Return how many others use the database."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        return int(cursor.fetchone()[0])


def put_back(folder: Path, manifest: Manifest) -> None:
    """Make the tables anew as they were, and put the rows in; of a database that holds nothing."""
    drop_all()
    _migrate(manifest.migrations["default"])
    with transaction.atomic():
        _empty(tables())
        for table in manifest.tables:
            rows = folder / FOLDER / table.name
            with rows.open("rb") as stream, _driver().copy(_copy(table, "FROM STDIN")) as copy:
                while part := stream.read(CHUNK_BYTES):
                    copy.write(part)
        _set_counters()


def _migrate(applied: Sequence[tuple[str, str]]) -> None:
    """Make the tables of the release that made the backup; what came since is applied to its rows afterwards."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    wanted = set(applied)
    plan = [step for step in executor.migration_plan(leaves) if (step[0].app_label, step[0].name) in wanted]
    executor.migrate(leaves, plan=plan)


def drop_all() -> None:
    """Drop every table: the database holds nothing, and none of another program's."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(name)))


def _empty(filled: Sequence[Table]) -> None:
    """Empty what a migration may have filled: the backup has it too."""
    names = sql.SQL(", ").join(sql.Identifier(table.name) for table in filled)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def _set_counters() -> None:
    """Let numbers go on above those that were put back."""
    models = apps.get_models(include_auto_created=True)
    there = set(connection.introspection.table_names())
    known = [model for model in models if model._meta.db_table in there]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), known):
            cursor.execute(statement)


def _copy(table: Table, way: str) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table.name), columns, sql.SQL(way))


def _driver() -> Any:
    """Return psycopg's own cursor: Django's has no COPY that reports errors as they are."""
    connection.ensure_connection()
    return connection.connection.cursor()
