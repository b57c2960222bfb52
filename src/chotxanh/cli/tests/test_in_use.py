"""Beside whoever serves or works in a home folder nothing is put back, and nobody begins beside who puts back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chotxanh.cli import front_end, in_use, server
from chotxanh.cli.commands import restore, serve, up, work
from chotxanh.cli.in_use import hold_home, home_alone
from chotxanh.cli.stopped import Stopped

BECOMES_ANOTHER = (
    "import os, sys; from chotxanh.cli.in_use import hold_home; hold_home(); "
    "os.execv(sys.executable, [sys.executable, '-c', 'print(1, flush=True); input()'])"
)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home folder of this test alone, and a province; what was held is let go."""
    monkeypatch.setenv("CHOTXANH_HOME", str(tmp_path))
    for name in up.OF_THE_PROVINCE:
        monkeypatch.setenv(name, "nso-2021:75")
    monkeypatch.setattr(in_use, "_held", [])
    yield
    for lock in in_use._held:
        lock.close()


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been run."""
    ran: list[str] = []
    for module in (restore, work):
        monkeypatch.setattr(module, "run_command", lambda name, *words, **options: ran.append(name))
    monkeypatch.setattr(server, "check_free", ran.append)
    monkeypatch.setattr(front_end, "build_if_changed", lambda: ran.append("build"))
    monkeypatch.setattr(serve, "prepare_database", lambda *_, **__: ran.append("prepare"))
    monkeypatch.setattr(os, "execve", lambda *_: ran.append("serve"))
    return ran


def test_beside_a_worker_or_a_server_nothing_is_put_back(commands: list[str]) -> None:
    """It went through, and what the server acknowledged afterwards lay in the file that was moved away."""
    work.run([])
    with pytest.raises(Stopped, match=r"stop the services first.*Nothing was touched"):
        restore.run(["backup"])
    assert commands == ["work"]


def test_alone_in_its_home_a_backup_is_put_back(commands: list[str]) -> None:
    restore.run(["backup"])
    assert commands == ["restore"]


@pytest.mark.parametrize("begin", [["serve"], ["serve", "--stations"], ["work"]], ids=str)
def test_nobody_begins_beside_who_puts_back(begin: list[str], commands: list[str]) -> None:
    command = {"serve": serve, "work": work}[begin[0]]
    with home_alone() as is_alone, pytest.raises(Stopped, match="is being put back"):
        assert is_alone
        command.run(begin[1:])
    assert commands == []


def test_many_serve_and_work_in_one_home() -> None:
    hold_home()
    hold_home()
    with home_alone() as is_alone:
        assert not is_alone


@pytest.mark.skipif(os.name == "nt", reason="no process turns into another there")
def test_what_a_process_turns_into_holds_the_home_until_it_is_killed() -> None:
    command = [sys.executable, "-c", BECOMES_ANOTHER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with home_alone() as is_alone:
            assert not is_alone
        process.kill()
        process.wait()
        with home_alone() as is_alone:
            assert is_alone
