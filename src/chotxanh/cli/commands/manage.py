"""Runs one of Django's own commands, such as `migrate` or `shell`, or one of the product's, such as `rebuild`."""

import os

from django.core.management import execute_from_command_line

from chotxanh.cli.stopped import Stopped


def run(arguments: list[str]) -> int:
    """Hand everything to Django. Raises Stopped for an account that could do nothing."""
    if arguments[:1] == ["createsuperuser"]:
        raise Stopped(
            "It would make an account that may do nothing here: work follows grants alone. "
            'Make the first lead with `./chotxanh manage lead "Nguyễn Thị Lan"`, others in the office.'
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    execute_from_command_line(["./chotxanh manage", *arguments])
    return 0
