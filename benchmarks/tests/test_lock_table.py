"""What works alone in the ledger fits the smallest lock table of PostgreSQL, however many people there are."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from chotxanh.cli import postgres_binaries
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.postgres import PrivatePostgres

# The least that PostgreSQL takes: room for some 2,000 locks, where 13,000 fit by itself.
SMALLEST = {"max_locks_per_transaction": "10", "max_connections": "40"}
PEOPLE, TUBES = 2_500, 320
MOST = PEOPLE + TUBES


def run_on(environment: dict[str, str], *words: str) -> None:
    """Run one of the product's commands, which must succeed."""
    done = subprocess.run(
        python(*words), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_f3_a_rebuild_and_new_keys_need_no_more_locks_than_there_are(tmp_path: Path) -> None:
    if not os.environ.get("CI") and postgres_binaries.find() is None:
        pytest.skip("no PostgreSQL on this machine")
    with PrivatePostgres(SMALLEST) as server:
        with psycopg.connect(server.url) as connection, pytest.raises(psycopg.errors.OutOfMemory):
            connection.execute("SELECT pg_advisory_xact_lock(n) FROM generate_series(1, %s) AS n", [MOST])
        url = server.create_database("crowded")
        environment = {**os.environ, "CHOTXANH_HOME": str(tmp_path), "CHOTXANH_DATABASE_URL": url}
        sizes = ["--people", str(PEOPLE), "--tubes", str(TUBES), "--returned", "1"]
        run_on(environment, "-m", "benchmarks", "replay", *sizes, "--database-url", url)
        run_on(environment, "-m", "chotxanh.cli", "manage", "rebuild")
        run_on(environment, "-m", "chotxanh.cli", "manage", "rotate_keys", "--blind")
