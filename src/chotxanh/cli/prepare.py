"""Migrates and lays out the demonstration, in a process of its own so that `up` itself stays small."""

import os
import sys

import django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from chotxanh.domain.problems import Problem

DEMO = "--demo"


def main(arguments: list[str]) -> int:
    """Migrate if the database is behind, then (with --demo) run `demo`, whose words go to standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    try:
        django.setup()
        migrate_if_behind()
        if DEMO in arguments:
            call_command("demo")
    except Problem as problem:
        return _fail(f"{problem.code} {problem.params or ''}".strip())
    except DatabaseError as error:
        return _fail(f"the database cannot be used: {error}")
    except CommandError as error:
        return _fail(str(error))
    return 0


def migrate_if_behind() -> None:
    """Apply the migrations that the database lacks; asking first saves the time of a `migrate`."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
