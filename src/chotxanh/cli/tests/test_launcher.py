"""The launcher's promise: an environment is whole or it is made again, whoever starts it, however often."""

import threading
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from chotxanh.cli.paths import LAUNCHER

LOCK = "requirements.txt"


class Installer:
    """Stands in for pip and venv: counts what it is asked and can be cut short."""

    def __init__(self, environment: Path) -> None:
        self.environment = environment
        self.made = 0
        self.installed: list[str] = []
        self.is_killed = False
        self.inside = threading.Semaphore(1)

    def make_environment(self) -> None:
        self.made += 1
        for name in ("bin", "Scripts", "lib/python3.11/site-packages", "Lib/site-packages"):
            (self.environment / name).mkdir(parents=True, exist_ok=True)
        for name in ("bin/python", "Scripts/python.exe"):
            (self.environment / name).touch()
        (self.environment / "installation-began").unlink(missing_ok=True)

    def run_pip(self, lock: str, note: object) -> tuple[int, str]:
        assert self.inside.acquire(blocking=False), "two installations at once"
        self.installed.append(lock)
        if self.is_killed:
            raise KeyboardInterrupt
        self.inside.release()
        return 0, ""


@pytest.fixture
def launcher(tmp_path: Path) -> ModuleType:
    loader = SourceFileLoader("launcher", str(LAUNCHER))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    (tmp_path / LOCK).write_text("django==5.2\n")
    environment = tmp_path / ".venv"
    module.__dict__.update(
        ROOT=tmp_path, ENVIRONMENT=environment, BROKEN_MARK=environment / "installation-began"
    )
    return module


@pytest.fixture
def installer(launcher: ModuleType) -> Installer:
    stand_in = Installer(launcher.ENVIRONMENT)

    def can_install() -> bool:
        return launcher.interpreter().exists() and not launcher.BROKEN_MARK.exists()

    launcher.__dict__.update(
        run_pip=stand_in.run_pip, make_environment=stand_in.make_environment, can_install=can_install
    )
    return stand_in


def test_second_start_installs_nothing(launcher: ModuleType, installer: Installer) -> None:
    launcher.prepare([LOCK])
    launcher.prepare([LOCK])
    assert (installer.made, installer.installed) == (1, [LOCK])


def test_changed_lock_is_installed_into_the_same_environment(
    launcher: ModuleType, installer: Installer
) -> None:
    launcher.prepare([LOCK])
    (launcher.ROOT / LOCK).write_text("django==5.2.1\n")
    launcher.prepare([LOCK])
    assert (installer.made, installer.installed) == (1, [LOCK, LOCK])


def test_installation_that_was_cut_short_begins_from_an_empty_environment(
    launcher: ModuleType, installer: Installer
) -> None:
    installer.is_killed = True
    with pytest.raises(KeyboardInterrupt):
        launcher.prepare([LOCK])
    installer.is_killed = False
    installer.inside.release()
    launcher.prepare([LOCK])
    assert (installer.made, installer.installed) == (2, [LOCK, LOCK])


def test_environment_whose_python_has_gone_is_made_again(launcher: ModuleType, installer: Installer) -> None:
    launcher.prepare([LOCK])
    launcher.interpreter().unlink()
    launcher.prepare([LOCK])
    assert installer.made == 2


def test_of_many_launchers_at_once_one_installs(launcher: ModuleType, installer: Installer) -> None:
    threads = [threading.Thread(target=launcher.prepare, args=([LOCK],)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (installer.made, installer.installed) == (1, [LOCK])


def test_pip_that_fails_leaves_its_last_words_and_no_stamp(
    launcher: ModuleType, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(launcher.__dict__, "run_pip", lambda lock, note: (1, "no route to host"))
    with pytest.raises(launcher.Stopped, match="no route to host"):
        launcher.prepare([LOCK])
    assert not launcher.is_installed(LOCK)
    assert not launcher.BROKEN_MARK.exists()


def test_too_old_a_python_is_told_in_one_sentence(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 6))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(launcher.Stopped, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        launcher.main(["up"])


def test_pip_that_was_killed_counts_as_cut_short(
    launcher: ModuleType, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setitem(launcher.__dict__, "run_pip", lambda lock, note: (-9, ""))
        with pytest.raises(launcher.Stopped):
            launcher.prepare([LOCK])
    launcher.prepare([LOCK])
    assert (installer.made, installer.installed) == (2, [LOCK])


def test_e12_an_installation_leaves_standard_output_to_the_command(
    launcher: ModuleType, installer: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first `./chotxanh scan` of a fresh clone wrote the steps of the installation before its JSON."""
    launcher.prepare([LOCK])
    said = capsys.readouterr()
    assert said.out == ""
    assert f"✓ Python packages of {LOCK}" in said.err


def test_e12_what_stops_the_launcher_is_told_on_standard_error(
    launcher: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher.say("Python lacks its venv module.")
    assert capsys.readouterr() == ("", "Python lacks its venv module.\n")
