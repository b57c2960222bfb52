"""Whoever is on duty is told of a fault once a day, through the outbox, and not of one that is gone."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from chotxanh.ledger.worker.models import Errand
from chotxanh.site.management.commands import deployment
from chotxanh.site.watch import waking
from chotxanh.site.watch.faults import Fault
from chotxanh.site.watch.waking import WAKE, ask_to_wake, wake_now

FOUND = [Fault("backup_missing")]
BOTH = [*FOUND, Fault("duty_missing")]
pytestmark = pytest.mark.django_db


class Gateway(HTTPServer):
    """Stands for the department's: keeps what it was given, unless it refuses."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.given: list[dict[str, str]] = []


class _Takes(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        """Take one word."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.given.append(json.loads(content))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway, a duty number, and one fault that stays."""
    with Gateway() as server:
        settings.HOME, settings.WAKE_URL = tmp_path, f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(waking, "faults", lambda now: FOUND)
        monkeypatch.setattr(waking, "province_number", lambda now: "02543123456")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def test_the_duty_number_is_told_once_a_day_of_each_fault(gateway: Gateway) -> None:
    now = timezone.now()
    for moment in (now, now + timedelta(seconds=1)):
        ask_to_wake(FOUND, moment)
        wake_now(moment)
    (word,) = gateway.given
    assert (word["to"], word["text"]) == ("02543123456", FOUND[0].sentence)
    assert word["id"].startswith(f"{WAKE}/backup_missing/")
    ask_to_wake(FOUND, now + timedelta(days=1))
    assert wake_now(now + timedelta(days=1)) == 0
    assert len({word["id"] for word in gateway.given}) == 2


def test_a_gateway_that_refuses_is_tried_again(gateway: Gateway) -> None:
    now = timezone.now()
    gateway.status = 503
    ask_to_wake(FOUND, now)
    assert wake_now(now) == 1
    waiting = Errand.objects.get(name=WAKE)
    assert (waiting.attempts, waiting.problem) == (1, "HTTPError")
    gateway.status = 200
    assert wake_now(waiting.due_at) == 0
    assert len(gateway.given) == 1


def test_nobody_is_woken_for_a_fault_that_is_gone(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    ask_to_wake(FOUND, now)
    monkeypatch.setattr(waking, "faults", lambda now: [])
    wake_now(now)
    assert gateway.given == []
    assert not Errand.objects.exists()


def test_without_a_gateway_nothing_is_asked_for(settings: Settings) -> None:
    settings.WAKE_URL = ""
    ask_to_wake(FOUND, timezone.now())
    assert not Errand.objects.exists()


@pytest.fixture
def babble(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A gateway that answers no HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.HOME, settings.WAKE_URL = tmp_path, f"http://127.0.0.1:{server.getsockname()[1]}/"
        monkeypatch.setattr(waking, "faults", lambda now: BOTH)
        threading.Thread(target=_babble, args=(server,), daemon=True).start()
        yield


def _babble(server: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the test is over
        while True:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(b"NOT HTTP AT ALL\r\n\r\n")


@pytest.mark.usefixtures("babble")
def test_a_gateway_that_answers_no_http_hides_no_fault_and_hinders_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole look ended in a traceback, and nothing was printed."""
    monkeypatch.setattr(deployment, "faults", lambda now: BOTH)
    with pytest.raises(SystemExit, match="1"):
        call_command("deployment", wake=True, language="en")
    said = capsys.readouterr()
    assert [fault.sentence in said.out for fault in BOTH] == [True, True]
    assert "did not take 2 of the calls" in said.err
    assert list(Errand.objects.values_list("attempts", "problem")) == [(1, "BadStatusLine")] * 2


def test_a_database_that_goes_away_while_waking_hides_no_fault(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def go_away(now: datetime) -> int:
        raise OperationalError("of Nguyễn Văn An")

    monkeypatch.setattr(deployment, "faults", lambda now: FOUND)
    monkeypatch.setattr(deployment, "wake_now", go_away)
    with pytest.raises(SystemExit, match="1"):
        call_command("deployment", wake=True, language="en")
    said = capsys.readouterr()
    assert "No backup" in said.out
    assert "could not be told (OperationalError)" in said.err
    assert gateway.given == []
