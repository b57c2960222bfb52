"""A short round of each campaign: what the server acknowledged outlives whatever breaks under it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.faults.catalogue import CAMPAIGNS, place_of
from chotxanh.cli.stopped import Stopped

ROOT = Path(__file__).resolve().parents[2]
IS_ON_POSTGRESQL = os.environ.get("CHOTXANH_DATABASE_URL", "").startswith("postgres")


# `kill` strikes as these three do.
ROUNDS = 3
OF_KILL = ("workers", "server", "database")


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.parametrize("name", [name for name in CAMPAIGNS if name not in OF_KILL])
def test_f6_nothing_acknowledged_is_lost_and_nothing_is_doubled(name: str) -> None:
    options = [name, "--rounds", str(ROUNDS), "--seconds", "1.5", *([] if IS_ON_POSTGRESQL else ["--sqlite"])]
    command = [sys.executable, "-m", "benchmarks", "faults", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    outcome = json.loads(ended.stdout)
    assert (outcome["campaign"], outcome["rounds"]) == (name, ROUNDS)
    assert outcome["database"] == ("postgresql" if IS_ON_POSTGRESQL else "sqlite")
    assert outcome["acknowledged"] > 0
    assert (outcome["lost"], outcome["doubled"]) == (0, 0)


def test_an_unknown_campaign_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Stopped, match=r"There are: kill, [\w, ]+$"):
        place_of("everything")
