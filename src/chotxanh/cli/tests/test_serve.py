"""A demonstration that others can open says so, and a server alone is what a service manager watches."""

from pathlib import Path

import pytest

from chotxanh.cli import server
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


def test_a_server_alone_counts_beside_the_others_and_empties_nothing(tmp_path: Path) -> None:
    counted = tmp_path / "metrics" / "counter_1.db"
    counted.parent.mkdir()
    counted.touch()
    address = server.Address("127.0.0.1", 8001)
    command, environment = server.alone(address, {"CHOTXANH_HOME": str(tmp_path)}, is_first=False)
    assert counted.exists()
    assert environment[server.METRICS_FOLDER] == str(counted.parent)
    assert command[-1] == server.APPLICATION
