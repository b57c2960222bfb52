"""Migrates and lays out the demonstration, in a process of its own so that `up` itself stays small."""

import os
import sys
from importlib import import_module

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from chotxanh.cli import preparation
from chotxanh.cli.alone import alone_in_preparing
from chotxanh.domain.problems import Problem
from chotxanh.keys.faults import KeysAtFault
from chotxanh.ledger.feed.witness import notice_restore

DEMO = preparation.DEMO
CONNECT_WITHIN_SECONDS = 5
RESTORED = (
    "The database is older than what this server had told before: its stations now send again what they keep."
)


def main(arguments: list[str]) -> int:
    """Migrate if the database is behind, then lay out the demonstration (with --demo) or end its accounts.

    What `demo` says goes to standard output.

    Returns the status REFUSED, with one sentence on standard error, where the database or the settings are at fault.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    url = os.environ.get("CHOTXANH_DATABASE_URL", "")
    try:
        check_that_postgres_answers(url)
        django.setup()
        with alone_in_preparing(url):
            prepare(with_demo=DEMO in arguments)
    except Problem as problem:
        return _refuse(f"The settings cannot be used: {problem.code} {problem.params or ''}".strip())
    except (DatabaseError, psycopg.Error, OSError) as error:
        return _refuse(f"The database cannot be used: {' '.join(str(error).split())}")
    except (CommandError, KeysAtFault) as error:
        return _refuse(str(error))
    return 0


def prepare(*, with_demo: bool) -> None:
    """Do all of it, one step after the other; a database that is prepared stays as it is."""
    migrate_if_behind()
    settle_keys()
    if notice_restore():
        sys.stdout.write(f"{RESTORED}\n")
    carry_out_kept_orders()
    judge_what_is_known_now()
    call_command("demo", end=not with_demo)


def check_that_postgres_answers(url: str) -> None:
    """Raise psycopg.Error if no PostgreSQL answers at `url`; the pool would try for 20 seconds, in many words."""
    if url.startswith("postgres"):
        psycopg.connect(url, connect_timeout=CONNECT_WITHIN_SECONDS).close()


def migrate_if_behind() -> None:
    """Apply the migrations that the database lacks; asking first saves the time of a `migrate`."""
    for database in settings.DATABASES:
        executor = MigrationExecutor(connections[database])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database=database, interactive=False, verbosity=0)


def settle_keys() -> None:
    """Check the keys, or make them for an empty database. Raises KeysAtFault."""
    import_module("chotxanh.ledger.kept_keys").settle_keys()  # late, as below


def carry_out_kept_orders() -> None:
    """Erase again what was erased after a backup that was put back."""
    import_module("chotxanh.site.kept_orders").carry_out_missing(timezone.now())


def judge_what_is_known_now() -> None:
    """Judge again what an older version held as an unknown kind: this one may know it."""
    # Late: the ledger needs the product loaded.
    import_module("chotxanh.ledger.rejudging").judge_unknown_kinds(timezone.now())


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return preparation.REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
