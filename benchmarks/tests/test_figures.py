"""A figure tells its ratio to its limit; processes are counted with their children."""

import json
import os
import subprocess
import sys

from benchmarks.figures import Figure, as_json, bound
from benchmarks.processes import cpu_seconds, family_of, megabytes


def test_a_share_of_what_the_machine_can_do_must_be_at_least_its_target() -> None:
    figure = Figure("ledger.ingest", 150.0, "declarations/s", 1000.0, 0.15, is_most=False)
    assert figure.ratio == 0.15
    assert figure.is_met
    assert not Figure("ledger.ingest", 149.0, "declarations/s", 1000.0, 0.15, is_most=False).is_met


def test_a_bound_is_met_up_to_itself() -> None:
    assert bound("server.memory", 300, "MB", 300).is_met
    assert not bound("server.memory", 301, "MB", 300).is_met


def test_the_json_names_value_unit_limit_and_ratio() -> None:
    rows = json.loads(as_json([bound("up.second", 1.5, "s", 3.0)]))["benchmarks"]
    assert rows == [{"name": "up.second", "value": 1.5, "unit": "s", "limit": 3.0, "ratio": 0.5}]


def test_a_child_belongs_to_the_family_of_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        family = family_of(os.getpid())
        child.communicate(b"\n")
    assert {os.getpid(), child.pid} <= set(family)
    assert megabytes(os.getpid()) > 1
    assert cpu_seconds(os.getpid()) > 0
