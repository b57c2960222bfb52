"""Starts the web server (granian) as child processes, waits until they answer, and stops them."""

import contextlib
import errno
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from chotxanh.cli.companion import Companion
from chotxanh.cli.counting import FOLDER_VARIABLE, counts_folder
from chotxanh.cli.paths import python
from chotxanh.cli.stopped import Stopped

APPLICATION = "chotxanh.rsgi:application"
READY_PATH = "/api/v1/clock"
READY_WITHIN_SECONDS = 60
POLL_SECONDS, STOP_WITHIN_SECONDS = 0.02, 3
# What stands still keeps a connection and no thread; this many in each process, and so many bytes of what each says.
CONNECTIONS, BUFFER_BYTES = 4096, 64 * 1024
LONGEST_HEAD_MILLISECONDS = 10_000
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def check_free(address: Address) -> None:
    """Raise Stopped if nobody can listen at `address`, before any work is done for it."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":  # there it would allow two servers on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except socket.gaierror as error:
        raise Stopped(f"The host '{address.host}' is unknown: name an address of this machine.") from error
    except PermissionError as error:
        raise Stopped(f"Port {address.port} is not open to you: choose another with --port.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Stopped(f"Port {address.port} is taken: choose another with --port.") from error
        raise Stopped(f"The server cannot listen at {address}: {error.strerror}.") from error


def workers_of(database_url: str | None, *, is_first: bool = True) -> int:
    """Return how many processes suit the database.

    SQLite has one writer: further processes at any address but the first, where people look, only wait.
    """
    is_shared = database_url is not None and database_url.startswith("postgres")
    return 2 if is_shared or is_first else 1


@contextlib.contextmanager
def running(
    address: Address, environment: Mapping[str, str], log: IO[Any] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve at `address` while the block runs; yields the server's process once it answers.

    What it says goes to `log`, or where this process's own output goes.
    """
    with running_apart([address], environment, log) as (process,):
        yield process


@contextlib.contextmanager
def running_apart(
    addresses: Sequence[Address], environment: Mapping[str, str], log: IO[Any] | None = None
) -> Iterator[tuple["subprocess.Popen[bytes]", ...]]:
    """Serve the same at each address while the block runs; yields their parents once all answer."""
    with supervised(addresses, environment, log) as companions:
        yield tuple(companion.process for companion in companions if companion.process)


@contextlib.contextmanager
def supervised(
    addresses: Sequence[Address],
    environment: Mapping[str, str],
    log: IO[Any] | None = None,
    remember: Callable[[Sequence[int]], object] = list,
) -> Iterator[list[Companion]]:
    """Serve the same at each address, by processes of its own; yields them once all answer, for who revives them.

    Who asks at one address never waits for what is answered at another, but for the machine itself. They start one
    after the other, so that the first answers as early as if it were alone. `remember` is told all their numbers as
    soon as there is another one.
    """
    companions: list[Companion] = []
    with contextlib.ExitStack() as stack:
        environment = {**environment, FOLDER_VARIABLE: str(counts_folder(environment))}
        for place, address in enumerate(addresses):
            command = _command(address, environment, is_first=place == 0)
            companion = Companion(command, environment, output=log, errors=log)
            companion.start()
            stack.callback(companion.stop)
            companions.append(companion)
            remember([each.pid for each in companions])
            assert companion.process is not None, "it was just started"
            _wait_until_it_answers(address, companion.process)
        yield companions


def alone(
    address: Address, environment: Mapping[str, str], *, is_first: bool
) -> tuple[list[str], dict[str, str]]:
    """Return what serves one address by itself, and in which environment; what others count there stays."""
    counted = {FOLDER_VARIABLE: str(counts_folder(environment))}
    return _command(address, environment, is_first=is_first), {**environment, **counted}


def _command(address: Address, environment: Mapping[str, str], *, is_first: bool) -> list[str]:
    workers = workers_of(environment.get("CHOTXANH_DATABASE_URL"), is_first=is_first)
    options = {
        "--interface": "rsgi",
        "--http": "1",
        "--host": address.host,
        "--port": str(address.port),
        "--workers": str(workers),
        "--backlog": str(CONNECTIONS),
        "--backpressure": str(CONNECTIONS),
        "--http1-buffer-size": str(BUFFER_BYTES),
        "--http1-header-read-timeout": str(LONGEST_HEAD_MILLISECONDS),
        # A worker that was still starting when all were asked to stop did not hear it.
        "--workers-kill-timeout": str(STOP_WITHIN_SECONDS),
        "--log-level": "error",
    }
    words = [word for pair in options.items() for word in pair]
    return python("-m", "chotxanh.cli.serving", *words, "--no-ws", "--respawn-failed-workers", APPLICATION)


def _wait_until_it_answers(address: Address, process: subprocess.Popen[bytes]) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 -- read, not bound
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Stopped(f"The server ended at once with status {process.returncode}.")
        connection = http.client.HTTPConnection(host, address.port, timeout=READY_WITHIN_SECONDS)
        try:
            connection.request("GET", READY_PATH, headers={"Host": "127.0.0.1"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(POLL_SECONDS)
        else:
            return
        finally:
            connection.close()
    raise Stopped(f"The server did not answer within {READY_WITHIN_SECONDS} seconds.")
