"""A small campaign with every fault arrives whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_campaign_of_sixty_people_loses_nothing_and_doubles_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks", "replay"]
    sizes = ["--people", "60", "--tubes", "12", "--returned", "40"]
    ended = subprocess.run([*command, *sizes], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    outcome = json.loads(ended.stdout)
    assert (outcome["people"], outcome["tubes"], outcome["returned"]) == (60, 12, 40)
    assert (outcome["lost"], outcome["duplicated"]) == (0, 0)
    assert set(outcome["seconds"]) == {"declare", "pair", "result", "return", "check"}
