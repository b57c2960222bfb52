"""`deploy/pgbackrest.conf` with a real pgbackrest: the database is destroyed and comes back as it was at a moment."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from chotxanh.cli import debian, unprivileged
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.postgres import PrivatePostgres
from chotxanh.cli.stopped import Stopped

pytestmark = pytest.mark.slow
MOST_DAYS, WEEK, NIGHTS_MISSED = 30, 7, 2
STANZA = "--stanza=chotxanh"


@dataclass
class Drill:
    """A PostgreSQL whose log is archived, and the product on it."""

    postgres: PrivatePostgres
    configuration: Path
    url: str
    home: Path

    def pgbackrest(self, *words: str) -> None:
        """Run it as PostgreSQL's own user."""
        command = ["pgbackrest", f"--config={self.configuration}", STANZA, "--log-level-file=off", *words]
        environment = {**os.environ, "PGPASSWORD": self.postgres.password}
        account = unprivileged.account()
        done = subprocess.run(
            command,
            env=environment,
            cwd=self.home.parent,
            capture_output=True,
            text=True,
            check=False,
            **account,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def product(self, *command: str) -> str:
        """Run a command of the product on this database."""
        environment = {**os.environ, "CHOTXANH_DATABASE_URL": self.url, "CHOTXANH_HOME": str(self.home)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def prepare(self) -> str:
        """Start the product as far as its database; return what it says."""
        return self.product(*python("-m", "chotxanh.cli.prepare"))

    def ask(self, question: str) -> str:
        """Ask the database itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(question.encode()).fetchone()
        return str(row[0]) if row else ""


def hand_over(place: Path) -> None:
    """Let PostgreSQL's user have it."""
    if account := unprivileged.account():
        shutil.chown(place, account["user"], account["group"])


def find_or_install() -> None:
    """Install pgbackrest where PostgreSQL is installed too. Raises Stopped where there is none."""
    if shutil.which("pgbackrest") is None and debian.can_install():
        debian.install("pgbackrest")
    if shutil.which("pgbackrest") is None:
        raise Stopped("pgbackrest is not here.")


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    """Lay it out with the configuration as it is delivered, but for its places and its passphrase."""
    if os.environ.get("CHOTXANH_DATABASE_URL"):
        pytest.skip("it has a PostgreSQL of its own: once is enough")
    try:
        find_or_install()
    except Stopped as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))
    place = Path(
        tmp_path.anchor, "tmp", f"chotxanh-pgbackrest-{os.getpid()}"
    )  # PostgreSQL's user must get there
    for folder in (place, place / "repository", place / "socket"):
        folder.mkdir(mode=0o700)
        hand_over(folder)
    configuration = place / "pgbackrest.conf"
    archive = f"pgbackrest --config={configuration} {STANZA} --log-level-file=off archive-push %p"
    settings = {
        "archive_mode": "on",
        "archive_command": archive,
        "unix_socket_directories": str(place / "socket"),
    }
    try:
        with PrivatePostgres(settings) as postgres:
            content = delivered()
            for old, new in {
                "/var/lib/pgbackrest": str(place / "repository"),
                "/var/lib/postgresql/15/main": f"{postgres.data}\npg1-port={postgres.port}\npg1-user=chotxanh\n"
                f"pg1-socket-path={place / 'socket'}",
                "CHOOSE-ANOTHER": "of-this-drill-alone",
            }.items():
                assert old in content, old
                content = content.replace(old, new)
            configuration.write_text(content, encoding="utf-8")
            hand_over(configuration)
            yield Drill(postgres, configuration, postgres.create_database("chotxanh"), tmp_path / "home")
    finally:
        shutil.rmtree(place)


def test_the_drill_brings_the_database_back_to_a_moment(drill: Drill) -> None:
    drill.pgbackrest("stanza-create")
    drill.prepare()
    for kind, _ in backups_by_the_clock():
        drill.pgbackrest(f"--type={kind}", "backup")
    ended = drill.ask("SELECT clock_timestamp()")
    while drill.ask(f"SELECT clock_timestamp() > '{ended}'::timestamptz + interval '1 second'") != "True":
        pass  # it tells the end of a backup in whole seconds
    note(drill, "before")
    moment = drill.ask("SELECT clock_timestamp()")
    note(drill, "after")
    drill.pgbackrest("check")  # waits until the log so far has been archived

    drill.postgres.crash()
    shutil.rmtree(drill.postgres.data)
    drill.postgres.data.mkdir(mode=0o700)
    hand_over(drill.postgres.data)
    drill.pgbackrest("--type=time", f"--target={moment}", "--target-action=promote", "restore")
    drill.postgres.start_again()

    assert drill.ask("SELECT array_agg(name::text) FROM ledger_dailyjob") == "['before']"
    drill.prepare()  # what came back is whole: the product starts on it


def test_nothing_that_pgbackrest_keeps_is_older_than_the_privacy_notice_says() -> None:
    """A full backup is let go once the next is as old as is set; with no second full one nothing ever was."""
    assert backups_by_the_clock() == [("full", "0"), ("diff", "1-6")], "Sundays, and each other night"
    kept = re.search(r"^repo1-retention-full=(\d+)$", delivered(), re.MULTILINE)
    assert kept
    assert "\nrepo1-retention-full-type=time\n" in delivered()
    assert int(kept[1]) + WEEK + NIGHTS_MISSED <= MOST_DAYS


def delivered() -> str:
    """The configuration as it is delivered."""
    return (ROOT / "deploy" / "pgbackrest.conf").read_text(encoding="utf-8")


def backups_by_the_clock() -> list[tuple[str, str]]:
    """Which kind of backup its crontab takes on which days of the week."""
    rows = re.findall(
        r"^#   \d+ \d+ \* \* (\S+) +pgbackrest .*--type=(\w+) backup$", delivered(), re.MULTILINE
    )
    return [(kind, days) for days, kind in rows]


def note(drill: Drill, name: str) -> None:
    """Write a row that tells on which side of the moment it was."""
    drill.ask(f"INSERT INTO ledger_dailyjob (name, last_day) VALUES ('{name}', current_date) RETURNING name")
