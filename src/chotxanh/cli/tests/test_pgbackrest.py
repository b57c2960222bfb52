"""`deploy/pgbackrest.conf` with a real pgbackrest: the database is destroyed and comes back as it was at a moment."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from chotxanh.cli import unprivileged
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.postgres import PrivatePostgres

pytestmark = pytest.mark.slow
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


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    """Lay it out with the configuration as it is delivered, but for its places and its passphrase."""
    if os.environ.get("CHOTXANH_DATABASE_URL") or shutil.which("pgbackrest") is None:
        pytest.skip("it has a PostgreSQL of its own, and needs pgbackrest")
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
            delivered = (ROOT / "deploy" / "pgbackrest.conf").read_text(encoding="utf-8")
            for old, new in {
                "/var/lib/pgbackrest": str(place / "repository"),
                "/var/lib/postgresql/15/main": f"{postgres.data}\npg1-port={postgres.port}\npg1-user=chotxanh\n"
                f"pg1-socket-path={place / 'socket'}",
                "CHOOSE-ANOTHER": "of-this-drill-alone",
            }.items():
                assert old in delivered, old
                delivered = delivered.replace(old, new)
            configuration.write_text(delivered, encoding="utf-8")
            hand_over(configuration)
            yield Drill(postgres, configuration, postgres.create_database("chotxanh"), tmp_path / "home")
    finally:
        shutil.rmtree(place)


def test_the_drill_brings_the_database_back_to_a_moment(drill: Drill) -> None:
    drill.pgbackrest("stanza-create")
    drill.prepare()
    drill.pgbackrest("backup")
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


def note(drill: Drill, name: str) -> None:
    """Write a row that tells on which side of the moment it was."""
    drill.ask(f"INSERT INTO ledger_dailyjob (name, last_day) VALUES ('{name}', current_date) RETURNING name")
