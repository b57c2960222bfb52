"""A private PostgreSQL server for tests and measurements, which never touches anyone else's data."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from chotxanh.cli import postgres_binaries, unprivileged
from chotxanh.cli.paths import python
from chotxanh.cli.ports import free_port
from chotxanh.cli.stopped import Stopped

MARKER = "made-by-chotxanh"
OWNER = "chotxanh"
GUARD = "chotxanh.cli.postgres_guard"
START_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 20
POLL_SECONDS = 0.05


class PrivatePostgres:
    """A server on a free port of 127.0.0.1, with fsync on, in a folder of its own that goes when it stops.

    Use it as a context manager; `url` is its maintenance database, `create_database` makes further ones.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        """Take further server settings, such as {"shared_buffers": "256MB"}."""
        self.settings = dict(settings or {})
        self.password = secrets.token_urlsafe(24)
        self.folder = Path()
        self.port = 0
        self._account = unprivileged.account()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The address of the maintenance database, for a superuser of this server only."""
        return self._url_of("postgres")

    @property
    def pid(self) -> int:
        """The postmaster's process, for those who measure it and its children."""
        if self._process is None:
            raise Stopped("The private PostgreSQL is not running.")
        return self._process.pid

    def __enter__(self) -> Self:
        binaries = postgres_binaries.find_or_install()
        self.folder = Path(tempfile.mkdtemp(prefix="chotxanh-postgres-"))
        try:
            self._initialise(binaries)
            self._start(binaries, free_port())
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def create_database(self, name: str) -> str:
        """Make an empty database (dropping one of that name first) and return its URL."""
        self._check_that_it_is_ours()
        with psycopg.connect(self.url, autocommit=True) as connection:
            named = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(named))
        return self._url_of(name)

    def crash(self) -> None:
        """End the server as a power cut would: nothing is written any more, the next start recovers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if os.name != "nt" else signal.SIGTERM)
            self._process.wait()

    def start_again(self) -> None:
        """Start the server on the data it left, at the port it had."""
        self._start(postgres_binaries.find_or_install(), self.port)

    def await_recovery(self) -> None:
        """Wait until the server answers after one of its processes was killed; start it again if it gave up."""
        if self._process is not None:
            try:
                self._wait_until_it_answers(self._process)
            except Stopped:
                self._process.wait()
                self.start_again()

    def stop(self) -> None:
        """End the server and remove its folder; harmless when it is not running."""
        if self._process is not None:
            _stop(self._process)
            self._process = None
        if (self.folder / MARKER).is_file():
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._guard is not None:
            self._guard.communicate()
            self._guard = None

    def _initialise(self, binaries: Path) -> None:
        (self.folder / MARKER).touch()
        guard = python("-m", GUARD, str(self.folder))
        self._guard = subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True)
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="utf-8")
        secret.chmod(0o600)
        self._hand_over(self.folder, secret)
        options = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", f"--username={OWNER}"]
        command = [str(binaries / "initdb"), f"--pgdata={self.data}", f"--pwfile={secret}", *options]
        made = subprocess.run(
            command,
            **self._surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        secret.unlink()
        if made.returncode != 0:
            raise Stopped(f"PostgreSQL could not lay out its folder:\n{made.stdout.strip()}")
        (self.data / MARKER).touch()

    def _start(self, binaries: Path, port: int) -> None:
        self.port = port
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "on",
            "logging_collector": "off",
            **self.settings,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(self.data), *words],
                **self._surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests first; they stop the server on the way out
            )
        self._wait_until_it_answers(self._process)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            # One that answers may notice only then that a process of it died, and recover.
            try:
                return self._check_that_it_is_ours()
            except psycopg.OperationalError:
                time.sleep(POLL_SECONDS)
        log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        raise Stopped(f"The private PostgreSQL did not start:\n{log.strip()}")

    def _check_that_it_is_ours(self) -> None:
        """Raise Stopped unless the server that answers lives in the folder made here."""
        with psycopg.connect(self.url, connect_timeout=2) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        directory = Path(row[0]) if row else Path()
        if directory.resolve() != self.data.resolve() or not (directory / MARKER).is_file():
            raise Stopped(f"The server on port {self.port} is another one: nothing was created or dropped.")

    def _surroundings(self) -> dict[str, Any]:
        """Return the folder, environment and user that the server's programs run with."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {"cwd": self.folder, "env": {**clean, "LC_ALL": "C"}, **self._account}

    def _hand_over(self, *places: Path) -> None:
        for place in places if self._account else ():
            shutil.chown(place, self._account["user"], self._account["group"])

    def _url_of(self, database: str) -> str:
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, which closes every connection; insist if it does not come."""
    fast_shutdown = signal.SIGINT if os.name != "nt" else signal.SIGTERM
    process.send_signal(fast_shutdown)
    try:
        process.wait(STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
