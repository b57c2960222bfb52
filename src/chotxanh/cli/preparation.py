"""Has a child process prepare the database, so that Django does not stay in this process for the day."""

import subprocess
from collections.abc import Mapping

from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.stopped import Stopped

CHILD = "chotxanh.cli.prepare"
DEMO = "--demo"
REFUSED = 3  # the child's status when its last line on standard error is a sentence for the person


def prepare_database(environment: Mapping[str, str], *, with_demo: bool) -> str:
    """Migrate the database that `environment` names; returns what the demonstration says of itself, if wanted.

    Raises Stopped where the database or the settings are at fault.
    """
    command = python("-m", CHILD, *([DEMO] if with_demo else []))
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode == REFUSED:
        raise Stopped(done.stderr.strip().splitlines()[-1])
    if done.returncode != 0:
        raise Stopped(f"The database could not be prepared, which is our fault:\n{done.stderr.strip()}")
    return done.stdout.strip()
