"""Lays out an empty database with the campaign's application, runs the campaign and prints one JSON object."""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.utils.module_loading import import_string

from chotxanh.keys.making import make_missing_keys

SETTINGS = "benchmarks.worker_kills.settings"
CAMPAIGN = "benchmarks.worker_kills.campaign.Campaign"  # its models want Django set up first


def main() -> int:
    """Return 1 if anything was lost, doubled or wrong."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.worker_kills", description=__doc__)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--database-url")
    chosen = options.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chotxanh-kills-")))
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        os.environ["CHOTXANH_HOME"] = str(folder)
        os.environ["CHOTXANH_DATABASE_URL"] = chosen.database_url or f"sqlite://{folder / 'kills.sqlite3'}"
        django.setup()
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        make_missing_keys()
        outside = folder / "outside"
        outside.touch()
        found = import_string(CAMPAIGN)(outside).run(chosen.rounds, chosen.seconds)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found["lost"] or found["doubled"] or found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
