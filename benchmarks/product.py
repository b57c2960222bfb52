"""A fresh product to measure: its own folder and keys, a fresh database with the demonstration, the real server."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.progress import tell
from chotxanh.cli import server
from chotxanh.cli.ports import free_port
from chotxanh.cli.postgres import PrivatePostgres
from chotxanh.cli.preparation import prepare_database


@dataclass(frozen=True)
class Setting:
    """Where a measurement takes place; `postgres` is the private server, if there is one."""

    environment: Mapping[str, str]
    postgres: PrivatePostgres | None


@dataclass(frozen=True)
class Serving:
    """The running server: pages at one port, stations at another; `processes` are the parents of each."""

    port: int
    station_port: int
    processes: tuple["subprocess.Popen[bytes]", ...]

    @property
    def pids(self) -> tuple[int, ...]:
        """The parents' process numbers."""
        return tuple(process.pid for process in self.processes)


@contextlib.contextmanager
def fresh_setting(database_url: str | None, *, postgresql: bool) -> Iterator[Setting]:
    """Lay a product out beside everything else; its folder goes at the end.

    With `database_url` that database is used and left as it is then; it must hold no entries. The environment of
    this process names the same product, so that Django may be set up in it.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="chotxanh-bench-"))
        postgres = stack.enter_context(PrivatePostgres()) if postgresql else None
        if postgres is not None:
            database_url = postgres.create_database("measured")
        own = {
            "CHOTXANH_HOME": os.environ.get("CHOTXANH_HOME", folder),
            "CHOTXANH_DATABASE_URL": database_url or f"sqlite://{Path(folder, 'chotxanh.sqlite3')}",
            "CHOTXANH_DEMO": "1",
            "CHOTXANH_REGISTERED_NETWORKS": "127.0.0.0/24",  # one address plays a whole province
            "DJANGO_SETTINGS_MODULE": "chotxanh.settings",
        }
        os.environ.update(own)
        tell("laying out a fresh database")
        prepare_database(os.environ, with_demo=True)
        yield Setting(dict(os.environ), postgres)


@contextlib.contextmanager
def serving(
    setting: Setting, ports: tuple[int, int] | None = None, log: IO[Any] | None = None
) -> Iterator[Serving]:
    """Serve the product as `up` does, at `ports` or at free ones; what it says goes to `log` or to standard error."""
    pages, stations = ports or (free_port(), free_port())
    addresses = [server.Address("127.0.0.1", port) for port in (pages, stations)]
    with server.running_apart(addresses, setting.environment, log or sys.stderr) as processes:
        yield Serving(pages, stations, processes)
