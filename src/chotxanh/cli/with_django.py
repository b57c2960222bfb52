"""Runs a management command of the product, and says in one sentence what a person can mend."""

import os
from typing import Any

import django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from chotxanh.cli.stopped import Stopped


def run_command(name: str, *words: Any, **options: Any) -> None:
    """Run it in this process. Raises Stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    django.setup()
    try:
        call_command(name, *words, **options)
    except CommandError as error:
        raise Stopped(str(error)) from error
    except DatabaseError as error:
        raise Stopped(f"The database cannot be used: {' '.join(str(error).split())}") from error
