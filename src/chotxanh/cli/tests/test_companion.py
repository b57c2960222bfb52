"""The worker beside the server is started again when it ends, and what a killed `up` left is ended."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chotxanh.cli import orphans
from chotxanh.cli.companion import Companion

ENDS_AT_ONCE = (sys.executable, "-c", "")
WAITS = "import sys; sys.stdin.read()"


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of ours, by its name, that lives until it is ended."""
    command = [sys.executable, "-c", WAITS, "chotxanh"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        yield process
        process.kill()


@pytest.fixture
def stranger() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of somebody else."""
    command = [sys.executable, "-c", WAITS, "./chotxanh/notes"]  # as if in a checkout of ours
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where each `up` writes down its children."""
    monkeypatch.setenv("CHOTXANH_HOME", str(tmp_path))
    (tmp_path / orphans.FOLDER).mkdir()
    return tmp_path / orphans.FOLDER


class Clock:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_a_companion_that_ends_is_started_again_after_pauses_that_double() -> None:
    clock = Clock()
    companion = Companion(ENDS_AT_ONCE, os.environ, clock)
    companion.start()
    pauses = []
    for _ in range(4):
        assert companion.process is not None
        companion.process.wait()
        assert not companion.revive(), "not at once"
        pauses.append(companion.pause_seconds)
        clock.now += companion.pause_seconds
        assert companion.revive()
    assert pauses == [1, 2, 4, 8]
    companion.stop()


def test_a_companion_that_lived_long_is_started_again_soon() -> None:
    clock = Clock()
    companion = Companion(ENDS_AT_ONCE, os.environ, clock, deaths=7)
    companion.start()
    assert companion.process is not None
    companion.process.wait()
    clock.now += 3600
    companion.revive()
    assert companion.pause_seconds == 1
    companion.stop()


def test_a_companion_that_lives_is_left_alone() -> None:
    companion = Companion((sys.executable, "-c", "import signal; signal.pause()"), os.environ)
    companion.start()
    assert not companion.revive()
    companion.stop()
    assert companion.process is not None
    assert companion.process.returncode is not None


def test_f5_the_children_of_a_killed_up_are_ended(running: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    gone = subprocess.Popen(ENDS_AT_ONCE)
    gone.wait()
    (running / f"{gone.pid}.json").write_text(json.dumps([sleeper.pid]))
    # Here the orphan is this process's child and would stay as its zombie.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orphans, "END_WITHIN_SECONDS", 0)
        assert orphans.end_orphans() == 1
    assert sleeper.wait() != 0
    assert list(running.iterdir()) == []


def test_f5_workers_that_outlived_a_killed_server_are_ended_too(running: Path) -> None:
    worker = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WAITS!r}, 'chotxanh'])"
    with subprocess.Popen(
        [sys.executable, "-c", worker, "chotxanh"], stdin=subprocess.PIPE, start_new_session=True
    ) as child:
        members = _grown(child.pid)
        child.kill()
        child.wait()
        (running / "999999999.json").write_text(json.dumps([child.pid]))
        assert orphans.end_orphans() == 1
        assert not any(map(orphans.is_ours, members))


def _grown(session: int) -> list[int]:
    """Wait until a session has two members, each under its own command line; return them.

    Until it has begun its own program, a child shows its parent's command line and, for a moment, none.
    """
    while True:
        members = orphans.members_of(session)
        if len({orphans.command_line_of(member) for member in members} - {""}) == 2:
            return members


def test_a_living_ups_children_are_left_alone(
    running: Path, sleeper: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "is_ours", lambda pid: True)
    with orphans.remembering() as remember:
        remember([sleeper.pid])
        assert orphans.end_orphans() == 0
        assert sleeper.poll() is None
    assert list(running.iterdir()) == []


def test_a_number_given_out_again_is_not_believed(running: Path, stranger: "subprocess.Popen[bytes]") -> None:
    (running / "999999999.json").write_text(json.dumps([stranger.pid]))
    assert orphans.end_orphans() == 0
    assert stranger.poll() is None


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', '["x", null]'])
def test_a_damaged_file_is_only_removed(running: Path, content: str) -> None:
    (running / "999999999.json").write_text(content)
    assert orphans.end_orphans() == 0
    assert list(running.iterdir()) == []
