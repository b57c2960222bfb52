"""The checks of `./chotxanh test`: what each is called, what it runs, and which are quick."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Self, TypeAlias

from chotxanh.cli import chromium, front_end
from chotxanh.cli.paths import ROOT, WEB, python
from chotxanh.cli.postgres import PrivatePostgres

LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
HOUSE_TESTS = ("tests/test_house_style.py", "tests/test_docs.py", "tests/test_requirements.py")
NOT_HOUSE_TESTS = [f"--ignore={file}" for file in HOUSE_TESTS]
# Which floors the tests on SQLite must reach, by branches, and how much of them, in percent.
COVERED = {"src/chotxanh/domain/*,src/chotxanh/ledger/*": 95, "src/chotxanh/*": 85}
PAGES = "tests/browser/test_pages.py"  # as long as all the others in the browser
TESTDATA = ROOT.parent / "shared" / "testdata"


# Where a check writes what it says; None is the terminal.
Output: TypeAlias = IO[bytes] | None


@dataclass(frozen=True)
class Check:
    """One check: `passes` runs it, writing what it says, and tells whether all was well."""

    title: str
    passes: Callable[[Output], bool]


Lane: TypeAlias = list[Check]


@dataclass(frozen=True)
class Stage:
    """Lanes of checks that go side by side, each check of a lane after the one before it."""

    lanes: tuple[Lane, ...]


@dataclass
class Workshop:
    """What the checks share: a home for each database, and a private PostgreSQL, all gone at the end."""

    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The environment of every check: keys and SQLite files in a folder of the tests."""
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chotxanh.settings"}
        environment["CHOTXANH_HOME"] = home = self._home()
        environment["COVERAGE_FILE"] = str(Path(home) / "coverage")
        environment.pop("CHOTXANH_DATABASE_URL", None)
        if TESTDATA.is_dir():
            environment.setdefault("CHOTXANH_TESTDATA", str(TESTDATA))
        return environment

    @cached_property
    def postgres_environment(self) -> Mapping[str, str]:
        """The same on the private PostgreSQL, which starts when it is first asked for."""
        server = self._stack.enter_context(PrivatePostgres())
        url = server.create_database("chotxanh")
        return {**self.environment, "CHOTXANH_HOME": self._home(), "CHOTXANH_DATABASE_URL": url}

    def run(self, command: Sequence[str], output: Output) -> bool:
        """Run a Python check on SQLite."""
        return _succeeds(command, ROOT, self.environment, output)

    def run_on_postgres(self, command: Sequence[str], output: Output) -> bool:
        """Run a Python check on PostgreSQL."""
        return _succeeds(command, ROOT, self.postgres_environment, output)

    def run_in_browser(self, command: Sequence[str], output: Output, *, on_postgres: bool = False) -> bool:
        """Run a check that drives Chromium against the front end as it was built."""
        base = self.postgres_environment if on_postgres else self.environment
        return _succeeds(command, ROOT, {**base, "CHROMIUM": chromium.find_or_install()}, output)

    def run_npm(self, script: str, output: Output) -> bool:
        """Run a script of the front end."""
        node = front_end.install_packages()
        environment = {**self.environment, **node.environment()}
        return _succeeds([*node.npm, "run", script], WEB, environment, output)

    def _home(self) -> str:
        return self._stack.enter_context(tempfile.TemporaryDirectory(prefix="chotxanh-test-"))


def quick(workshop: Workshop) -> list[Stage]:
    """Return the checks that take under a minute together."""
    tests = _tests("not browser and not slow")
    quick_ones = Check("Tests on SQLite, the quick ones", lambda output: workshop.run(tests, output))
    return [Stage(([*_of_the_source(workshop), quick_ones],))]


def whole(workshop: Workshop, *, with_branches: bool) -> list[Stage]:
    """Return everything that CI runs, as two lanes of about the same length, one for each of two cores.

    `with_branches` also counts the branches that the tests on SQLite reach, which doubles what these take.
    """
    on_sqlite = _tests("not browser")
    counted = python("-m", "coverage", "run", "-m", *on_sqlite[2:])
    one_core = [
        Check("Front end: types and style", lambda output: workshop.run_npm("check", output)),
        Check("Front end: tests", lambda output: workshop.run_npm("test", output)),
        Check(
            "Tests on SQLite", lambda output: workshop.run(counted if with_branches else on_sqlite, output)
        ),
        *(_coverage(workshop, files, least) for files, least in COVERED.items() if with_branches),
        _in_browser(workshop, "Browser on SQLite, stations and stories", "browser", f"--ignore={PAGES}"),
    ]
    other_core = [
        Check("Tests on PostgreSQL", lambda output: workshop.run_on_postgres(on_sqlite, output)),
        _in_browser(workshop, "Browser on SQLite, pages", "browser", PAGES),
        _in_browser(workshop, "Browser on PostgreSQL", "road", on_postgres=True),
    ]
    build = Check("Front end: build", _is_built)
    return [Stage(([*_of_the_source(workshop), build],)), Stage((one_core, other_core))]


def _of_the_source(workshop: Workshop) -> Lane:
    commands = {
        "Lint": python("-m", "ruff", "check"),
        "Format": python("-m", "ruff", "format", "--check"),
        "Types": python("-m", "mypy"),
        "Floors": python("-c", LAYERS),
        "Migrations": python("-m", "django", "makemigrations", "--check", "--dry-run"),
        "House style and documents": python("-m", "pytest", *HOUSE_TESTS),
    }
    return [Check(title, partial(workshop.run, command)) for title, command in commands.items()]


def _is_built(_output: Output) -> bool:
    front_end.build_if_changed()
    return True


def _coverage(workshop: Workshop, files: str, least: int) -> Check:
    report = python("-m", "coverage", "report", f"--include={files}", f"--fail-under={least}")
    shown = [*report, "--skip-covered", "--sort=cover"]
    return Check(f"Branches of {files}", lambda output: workshop.run(shown, output))


def _in_browser(
    workshop: Workshop, title: str, marks: str, *options: str, on_postgres: bool = False
) -> Check:
    command = _tests(marks, *options)
    return Check(title, lambda output: workshop.run_in_browser(command, output, on_postgres=on_postgres))


def _tests(marks: str, *options: str) -> list[str]:
    return python("-m", "pytest", "-m", marks, *NOT_HOUSE_TESTS, *options)


def _succeeds(command: Sequence[str], cwd: Path, environment: Mapping[str, str], output: Output) -> bool:
    errors = subprocess.STDOUT if output is not None else None
    return (
        subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            check=False,
        ).returncode
        == 0
    )
