"""`deploy/systemd` with the real systemd-analyze: every unit is sound, shut in, and starts a command there is."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from chotxanh.cli import debian
from chotxanh.cli.__main__ import command
from chotxanh.cli.paths import LAUNCHER, ROOT
from chotxanh.cli.stopped import Stopped

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
INSTALLED = "/opt/chotxanh/chotxanh"
MOST_EXPOSED = 2.0


@pytest.fixture(scope="session")
def analyze() -> str:
    """The program; without it these tests are skipped at home, and installed or failing in CI."""
    if shutil.which("systemd-analyze") is None and os.environ.get("CI") and debian.can_install():
        try:
            debian.install("systemd")
        except Stopped as reason:
            pytest.fail(str(reason))
    found = shutil.which("systemd-analyze")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("systemd-analyze is not here")
    return found


def test_what_the_guide_runs_by_hand_runs_as_the_services_do_but_for_what_builds() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    by_hand = [line.strip() for line in guide.splitlines() if re.match(r" {4}.*\./chotxanh\b", line)]
    roots = ("./chotxanh --install ", "./chotxanh serve --prepare && chown -R chotxanh: /var/lib/chotxanh")
    assert by_hand
    for line in by_hand:
        assert line.startswith(("runuser -u chotxanh -- ./chotxanh ", *roots)), line
    assert "CHOTXANH_HOME=/var/lib/chotxanh" in guide


def test_every_unit_is_one_that_systemd_takes_without_a_word(analyze: str, tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        content = unit.read_text(encoding="utf-8").replace(INSTALLED, str(LAUNCHER))
        (tmp_path / unit.name).write_text(content, encoding="utf-8")
    units = map(str, sorted(tmp_path.iterdir()))
    said = subprocess.run(
        [analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.stem)
def test_every_service_is_shut_in(analyze: str, service: Path) -> None:
    asked = [analyze, "security", "--offline=true", "--no-pager", str(service)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert score is not None, said
    assert float(score[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.stem)
def test_every_service_starts_a_command_there_is(service: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", service.read_text(encoding="utf-8"), re.MULTILINE)
    program, name, *options = shlex.split(line)
    assert program == INSTALLED
    command(name).parser().parse_args(options)


def test_what_must_always_run_is_never_given_up() -> None:
    for name in ("chotxanh", "chotxanh-stations", "chotxanh-worker"):
        unit = (UNITS / f"{name}.service").read_text(encoding="utf-8")
        assert "\nRestart=always\n" in unit
        assert "\nStartLimitIntervalSec=0\n" in unit
