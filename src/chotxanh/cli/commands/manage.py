"""Runs one of Django's own commands, such as `migrate`, `createsuperuser` or `rebuild`."""

import os

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    """Hand everything to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    execute_from_command_line(["./chotxanh manage", *arguments])
    return 0
