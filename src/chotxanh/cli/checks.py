"""The checks of `./chotxanh test`: what each is called, what it runs, and which are quick."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from chotxanh.cli import chromium, front_end
from chotxanh.cli.paths import ROOT, WEB, python
from chotxanh.cli.postgres import PrivatePostgres

LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
HOUSE_TESTS = ("tests/test_house_style.py", "tests/test_docs.py", "tests/test_requirements.py")
NOT_HOUSE_TESTS = [f"--ignore={file}" for file in HOUSE_TESTS]
# Which floors the tests on SQLite must reach, by branches, and how much of them, in percent.
COVERED = {"src/chotxanh/domain/*,src/chotxanh/ledger/*": 95, "src/chotxanh/*": 85}
TESTDATA = ROOT.parent / "shared" / "testdata"


@dataclass(frozen=True)
class Check:
    """One check: `passes` runs it, showing what it says, and tells whether all was well."""

    title: str
    passes: Callable[[], bool]


@dataclass
class Workshop:
    """What the checks share: a home of their own and a private PostgreSQL, both gone at the end."""

    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The environment of every check: keys and SQLite files in a folder of the tests."""
        home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="chotxanh-test-"))
        environment = {**os.environ, "CHOTXANH_HOME": home, "DJANGO_SETTINGS_MODULE": "chotxanh.settings"}
        environment["COVERAGE_FILE"] = str(Path(home) / "coverage")
        environment.pop("CHOTXANH_DATABASE_URL", None)
        if TESTDATA.is_dir():
            environment.setdefault("CHOTXANH_TESTDATA", str(TESTDATA))
        return environment

    @cached_property
    def postgres_environment(self) -> Mapping[str, str]:
        """The same on the private PostgreSQL, which starts when it is first asked for."""
        server = self._stack.enter_context(PrivatePostgres())
        return {**self.environment, "CHOTXANH_DATABASE_URL": server.create_database("chotxanh")}

    def run(self, command: Sequence[str]) -> bool:
        """Run a Python check on SQLite."""
        return _succeeds(command, ROOT, self.environment)

    def run_covered(self, marks: str) -> bool:
        """Run the tests with these marks on SQLite and note which branches they take."""
        return self.run(python("-m", "coverage", "run", "-m", "pytest", "-m", marks, *NOT_HOUSE_TESTS))

    def run_on_postgres(self, command: Sequence[str]) -> bool:
        """Run a Python check on PostgreSQL."""
        return _succeeds(command, ROOT, self.postgres_environment)

    def run_in_browser(self, command: Sequence[str], *, on_postgres: bool = False) -> bool:
        """Run a check that drives Chromium against the built front end."""
        front_end.build_if_changed()
        base = self.postgres_environment if on_postgres else self.environment
        return _succeeds(command, ROOT, {**base, "CHROMIUM": chromium.find_or_install()})

    def run_npm(self, script: str) -> bool:
        """Run a script of the front end."""
        node = front_end.install_packages()
        return _succeeds([*node.npm, "run", script], WEB, {**self.environment, **node.environment()})


def quick(workshop: Workshop) -> list[Check]:
    """Return the checks that take under a minute together."""
    return [
        *_of_the_source(workshop),
        _pytest(workshop, "Tests on SQLite, the quick ones", "not browser and not slow"),
    ]


def whole(workshop: Workshop) -> list[Check]:
    """Return everything that CI runs."""
    road = python("-m", "pytest", "-m", "road", *NOT_HOUSE_TESTS)
    browser = python("-m", "pytest", "-m", "browser", *NOT_HOUSE_TESTS)
    everything = python("-m", "pytest", "-m", "not browser", *NOT_HOUSE_TESTS)
    return [
        *_of_the_source(workshop),
        Check("Front end: types and style", lambda: workshop.run_npm("check")),
        Check("Front end: tests", lambda: workshop.run_npm("test")),
        Check("Tests on SQLite", lambda: workshop.run_covered("not browser")),
        *_of_the_coverage(workshop),
        Check("Tests on PostgreSQL", lambda: workshop.run_on_postgres(everything)),
        Check("Browser on SQLite", lambda: workshop.run_in_browser(browser)),
        Check("Browser on PostgreSQL", lambda: workshop.run_in_browser(road, on_postgres=True)),
    ]


def _of_the_source(workshop: Workshop) -> list[Check]:
    migrations = python("-m", "django", "makemigrations", "--check", "--dry-run")
    return [
        Check("Lint", lambda: workshop.run(python("-m", "ruff", "check"))),
        Check("Format", lambda: workshop.run(python("-m", "ruff", "format", "--check"))),
        Check("Types", lambda: workshop.run(python("-m", "mypy"))),
        Check("Floors", lambda: workshop.run(python("-c", LAYERS))),
        Check("Migrations", lambda: workshop.run(migrations)),
        Check("House style and documents", lambda: workshop.run(python("-m", "pytest", *HOUSE_TESTS))),
    ]


def _of_the_coverage(workshop: Workshop) -> list[Check]:
    return [_coverage(workshop, files, least) for files, least in COVERED.items()]


def _coverage(workshop: Workshop, files: str, least: int) -> Check:
    report = python("-m", "coverage", "report", f"--include={files}", f"--fail-under={least}")
    return Check(f"Branches of {files}", lambda: workshop.run([*report, "--skip-covered", "--sort=cover"]))


def _pytest(workshop: Workshop, title: str, marks: str) -> Check:
    return Check(title, lambda: workshop.run(python("-m", "pytest", "-m", marks, *NOT_HOUSE_TESTS)))


def _succeeds(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> bool:
    return (
        subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
        == 0
    )
