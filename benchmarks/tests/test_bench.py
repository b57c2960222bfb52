"""`bench` keeps what it measured, refuses names it does not know, and fails where a bar is missed."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench import measured
from benchmarks.catalogue import BENCHMARKS, chosen
from benchmarks.figures import Failure, Figure, bound, in_verifies
from benchmarks.in_process import get_request
from benchmarks.operating import Desk
from benchmarks.verifying import Calibrator, Rounds
from chotxanh.cli.stopped import Stopped

ROOT = Path(__file__).resolve().parents[2]


class _Calibrator(Calibrator):
    """Says what it is told to."""

    def __init__(self, seconds: list[float]) -> None:
        self._seconds = iter(seconds)

    def measure(self) -> float:
        """Return the next of the given times."""
        return next(self._seconds)


def _fails(_place: object) -> list[Figure]:
    raise ValueError("the  server\nanswered 500")


@pytest.mark.parametrize("place", BENCHMARKS.values())
def test_every_benchmark_is_where_the_catalogue_says(place: str) -> None:
    assert callable(pkgutil.resolve_name(place))


def test_all_but_the_long_ones_are_chosen_without_names() -> None:
    assert chosen([]) == [name for name in BENCHMARKS if name not in {"find.person", "growth"}]
    assert chosen(["card", "qr.draw"]) == ["card", "qr.draw"]


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Stopped, match=r"There are: ledger\.ingest, [\w., ]+, growth$"):
        chosen(["card", "speed"])


def test_the_command_refuses_an_unknown_name_at_once() -> None:
    command = [sys.executable, "-m", "benchmarks", "bench", "speed"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1


def test_a_figure_that_fails_is_told_and_the_others_are_kept() -> None:
    assert measured("card", _fails, None) == [Failure("card", "ValueError: the server answered 500")]
    figure = bound("qr.draw", 1, "ms", 2)
    assert measured("qr.draw", lambda _place: [figure], None) == [figure]


def test_a_figure_in_v_is_the_fastest_round_over_the_fastest_verify() -> None:
    calibrator = _Calibrator([0.5, 0.25, 0.25])
    rounds = Rounds(calibrator)
    for seconds in (3.0, 1.0, 2.0):
        rounds.add(seconds)
    figure = in_verifies("declare.alone", rounds, 45)
    assert (figure.value, figure.median, figure.spread) == (4.0, 8.0, 1.0)
    assert (figure.unit, figure.is_met) == ("v", True)


def test_a_calls_cost_is_counted_and_a_refused_one_is_no_figure(desk: Desk) -> None:
    entries, _ = desk.declarations(2)
    assert desk.cost_of([[each] for each in entries]) > 0
    with pytest.raises(RuntimeError, match="404"):
        desk.application.cost_of([get_request("/api/v1/nothing", {})])


def test_people_of_a_desk_are_tested_whole(desk: Desk) -> None:
    codes = desk.tested_people(10, 5)
    assert len(set(codes)) == 10
    assert desk.station.outbox == {}
    assert desk.station.rejected == []
