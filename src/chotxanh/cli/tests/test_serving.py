"""A worker that is killed is started again, however often and however soon; and so is the server above it."""

import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chotxanh.cli import server
from chotxanh.cli.companion import Companion
from chotxanh.cli.in_use import home_alone
from chotxanh.cli.ports import free_port

WITHIN_SECONDS = 30


@pytest.fixture
def address() -> server.Address:
    return server.Address("127.0.0.1", free_port())


@pytest.fixture
def companion(
    address: server.Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Companion]:
    """A server of one worker that needs no database, as `up` starts it, in a home folder of its own."""
    monkeypatch.setenv("CHOTXANH_HOME", str(tmp_path))
    monkeypatch.setattr(server, "APPLICATION", "chotxanh.cli.tests.answering:application")
    monkeypatch.setattr(server, "workers_of", lambda url, is_first: 1)
    with server.supervised([address], os.environ) as (companion,):
        yield companion


def worker_at(address: server.Address, *, other_than: int = 0) -> int:
    """Ask until a worker answers that is another one; return its number."""
    until, pause = time.monotonic() + WITHIN_SECONDS, threading.Event()
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=WITHIN_SECONDS)
        try:
            connection.request("GET", "/")
            worker = int(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            worker = other_than
        finally:
            connection.close()
        if worker != other_than:
            return worker
        pause.wait(0.05)
    raise AssertionError("nobody else answers")


def test_f5_the_same_worker_dying_again_and_again_ends_no_server(
    companion: Companion, address: server.Address
) -> None:
    worker = worker_at(address)
    for _ in range(3):
        os.kill(worker, signal.SIGKILL)
        worker = worker_at(address, other_than=worker)
    assert not companion.revive()


def test_f5_a_killed_server_is_started_again_though_its_worker_still_holds_the_port(
    companion: Companion, address: server.Address
) -> None:
    worker = worker_at(address)
    assert companion.process is not None
    companion.process.kill()
    companion.process.wait()
    until, pause = time.monotonic() + WITHIN_SECONDS, threading.Event()
    while not companion.revive() and time.monotonic() < until:
        pause.wait(0.05)
    assert worker_at(address, other_than=worker) != worker


def test_a_server_holds_its_home_and_so_does_a_worker_that_outlived_it(
    companion: Companion, address: server.Address
) -> None:
    """What it takes in beside a restore would lie in the database that was moved away."""
    worker_at(address)
    with home_alone() as is_alone:
        assert not is_alone
    assert companion.process is not None
    companion.process.kill()
    companion.process.wait()
    with home_alone() as is_alone:
        assert not is_alone
    companion.stop()
