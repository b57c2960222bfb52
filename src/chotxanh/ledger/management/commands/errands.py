"""Shows what the worker has to do, lets paused errands run, begins anew what was given up, lets the calendar go on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from chotxanh.ledger.worker.backlog import backlog, release_paused, try_again
from chotxanh.ledger.worker.days import go_on


class Command(BaseCommand):
    """`manage errands`: one line for each name; `--release`, `--try-again` and `--go-on` first change it."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--release", action="store_true", help="let what a rebuild paused run")
        parser.add_argument("--try-again", action="store_true", help="begin anew what was given up")
        parser.add_argument(
            "--go-on",
            action="store_true",
            help="the clock is right: let the calendar go on after more than a week's standstill",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what was asked, then print."""
        now = timezone.now()
        if options["release"]:
            self.stdout.write(f"{release_paused()} released")
        if options["try_again"]:
            self.stdout.write(f"{try_again(now)} begun anew")
        if options["go_on"]:
            self.stdout.write("the calendar goes on" if go_on(now) else "the calendar waited for nothing")
        for each in backlog(now).counts:
            line = f"{each.name} {each.waiting} waiting {each.paused} paused {each.given_up} given up"
            self.stdout.write(f"{line} {each.problem}".rstrip())
