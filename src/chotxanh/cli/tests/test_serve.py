"""A demonstration that others can open says so, and a server alone is what a service manager watches."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chotxanh.cli import counting, server
from chotxanh.cli.commands import serve, up
from chotxanh.cli.stopped import Stopped


def test_d6_a_server_listens_on_this_machine_unless_said() -> None:
    assert up.parser().parse_args([]).host in server.LOOPBACK
    assert serve.parser().parse_args([]).host in server.LOOPBACK


@pytest.mark.parametrize(
    ("host", "demo", "is_said"),
    [("127.0.0.1", "accounts", False), ("0.0.0.0", "accounts", True), ("0.0.0.0", "", False)],
)
def test_d6_a_demonstration_that_others_can_open_says_so(host: str, demo: str, is_said: bool) -> None:
    assert bool(up.warning_of(server.Address(host, 8000), demo)) is is_said


def test_served_in_earnest_no_province_in_particular_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in up.OF_THE_PROVINCE:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Stopped, match="CHOTXANH_PROVINCE"):
        serve.run(["--stations"])


def test_a_server_alone_counts_beside_the_living_and_forgets_the_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MEMORY", tmp_path / "nowhere")
    gone = subprocess.Popen((sys.executable, "-c", ""))
    gone.wait()
    living, dead = (tmp_path / "metrics" / f"counter_{each}.db" for each in (os.getpid(), gone.pid))
    living.parent.mkdir()
    living.touch()
    dead.touch()
    address = server.Address("127.0.0.1", 8001)
    command, environment = server.alone(address, {"CHOTXANH_HOME": str(tmp_path)}, is_first=False)
    assert living.exists()
    assert not dead.exists()
    assert environment[counting.FOLDER_VARIABLE] == str(living.parent)
    assert command[-1] == server.APPLICATION


def test_no_full_disk_ends_who_counts_because_counts_lie_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, here = tmp_path / "memory", {"CHOTXANH_HOME": str(tmp_path / "home")}
    memory.mkdir()
    monkeypatch.setattr(counting, "MEMORY", memory)
    folder = counting.counts_folder(here)
    assert folder.parent == memory
    assert folder == counting.counts_folder(here), "pages and stations count in one place"
    assert folder != counting.counts_folder({"CHOTXANH_HOME": str(tmp_path / "another")})
    of_service = here | {"RUNTIME_DIRECTORY": f"{tmp_path}/run:{tmp_path}/more"}
    assert counting.counts_folder(of_service) == tmp_path / "run" / "metrics"
    folder.chmod(0o777)  # as a stranger would have made it beforehand
    assert counting.counts_folder(here) == tmp_path / "home" / "metrics"
