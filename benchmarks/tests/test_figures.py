"""A figure tells its ratio to its limit; processes are counted with their children."""

import json
import os
import subprocess
import sys

from benchmarks.figures import Failure, Figure, as_json, bound
from benchmarks.processes import cpu_seconds, family_of, megabytes


def test_a_share_of_what_the_machine_can_do_must_be_at_least_its_target() -> None:
    figure = Figure("ledger.ingest", 150.0, "declarations/s", 1000.0, 0.15, is_most=False)
    assert figure.ratio == 0.15
    assert figure.is_met
    assert not Figure("ledger.ingest", 149.0, "declarations/s", 1000.0, 0.15, is_most=False).is_met


def test_a_bound_is_met_up_to_itself() -> None:
    assert bound("server.memory", 300, "MB", 300).is_met
    assert not bound("server.memory", 301, "MB", 300).is_met


def test_the_json_names_v_and_of_each_figure_value_unit_limit_and_ratio() -> None:
    written = json.loads(as_json(61.237, [bound("up.second", 1.5, "s", 3.0), Failure("card", "not found")]))
    assert written["v"] == 61.24
    figure, failure = written["benchmarks"]
    wanted = {"name": "up.second", "value": 1.5, "unit": "s", "limit": 3.0, "ratio": 0.5}
    assert {name: figure[name] for name in wanted} == wanted
    assert failure == {"name": "card", "value": None, "failed": "not found"}


def test_a_child_belongs_to_the_family_of_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        family = family_of(os.getpid())
        child.communicate(b"\n")
    assert {os.getpid(), child.pid} <= set(family)
    assert megabytes(os.getpid()) > 1
    assert cpu_seconds(os.getpid()) > 0
