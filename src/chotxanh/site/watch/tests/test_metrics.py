"""A monitor on this machine, or with the token, reads figures; anybody else finds nothing."""

import os
import socket
import struct
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.beside.heard import note_heard
from chotxanh.ledger.worker.models import DirtyKey, Errand
from chotxanh.site.backups.history import remember_backup
from chotxanh.site.watch.clock import PACKET_BYTES, ask_time_server
from chotxanh.site.watch.figures import figures
from chotxanh.site.watch.metrics import FOLDER_VARIABLE
from tests.stage import Stage

TOKEN = "a-long-token-of-the-monitor"


def figure(content: str, name: str) -> float:
    (line,) = [line for line in content.splitlines() if line.startswith(f"chotxanh_{name} ")]
    return float(line.split()[1])


def test_figures_are_those_of_this_moment(
    stage: Stage, client: Client, settings: Settings, tmp_path: str
) -> None:
    settings.HOME = tmp_path
    now = timezone.now()
    Errand.objects.create(name="a", key="1", due_at=now - timedelta(minutes=5))
    Errand.objects.create(name="a", key="2", due_at=now + timedelta(minutes=5))
    Errand.objects.create(name="a", key="3", due_at=now, gave_up_at=now)
    DirtyKey.objects.create(name="hours", key="1", noted_at=now - timedelta(minutes=2))
    remember_backup(now - timedelta(hours=3))
    content = client.get("/metrics").content.decode()
    assert figure(content, "errands_waiting") == 1
    assert figure(content, "errands_oldest") == pytest.approx(300, abs=60)
    assert figure(content, "errands_given_up") == 1
    assert figure(content, "dirty_keys_oldest") == pytest.approx(120, abs=60)
    assert figure(content, "backup_age") == pytest.approx(3 * 3600, abs=60)
    assert figure(content, "signer_days"), "the keys of the tests are those of July 2021"
    assert 0 < figure(content, "disk_free_share") < 1
    assert "chotxanh_tls_days" not in content, "none is stated"
    assert "chotxanh_clock_offset" not in content


@pytest.mark.parametrize(
    "damage", [b"", b"\x01", b"\xff" * 100, b"\x20\0\0\0\0\0\0\0\x04\0\0\0{}  " + bytes(16)]
)
def test_a_file_of_counts_that_was_cut_short_or_damaged_takes_no_figure_along(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes
) -> None:
    whole = subprocess.run(
        [sys.executable, "-c", "from prometheus_client import Counter; Counter('a', 'b').inc()"],
        env={**os.environ, FOLDER_VARIABLE: str(tmp_path)},
        check=True,
    )
    assert whole.returncode == 0
    (tmp_path / "counter_999999999.db").write_bytes(damage)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert figure(answer.content.decode(), "held") == 0
    assert "\na_total 1.0" in answer.content.decode()


@pytest.mark.parametrize("certificate", ["/nowhere.pem", __file__])
def test_a_certificate_that_cannot_be_read_takes_no_other_figure_along(
    stage: Stage, client: Client, settings: Settings, certificate: str
) -> None:
    settings.TLS_CERTIFICATE = certificate
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "chotxanh_tls_days" not in answer.content.decode()


def test_a_station_on_duty_that_says_nothing_is_counted(stage: Stage) -> None:
    now = timezone.now()
    note_heard(stage.station.id, "ql51", 0, now - timedelta(hours=1))
    assert figures(now).stations_silent == 1
    note_heard(stage.station.id, "ql51", 0, now)
    assert figures(now).stations_silent == 0


def test_who_may_not_read_figures_finds_nothing(stage: Stage, client: Client, settings: Settings) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers=bearer).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers=bearer).status_code == 200
    wrong = {"authorization": f"Bearer {TOKEN}?"}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers=wrong).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        *(
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Server",
            "Forwarded",
            "Via",
        ),
        *("X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "CDN-Loop"),
    ],
)
def test_whatever_a_proxy_adds_to_a_request_it_does_not_come_from_this_machine(
    stage: Stage, client: Client, said: str
) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={said: "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", headers={said: ""}).status_code == 404


def test_requests_are_counted_by_view_and_status(stage: Stage, client: Client) -> None:
    client.get("/p/a-secret-link")
    content = client.get("/metrics").content.decode()
    assert 'chotxanh_requests_total{status="404",view="person"}' in content
    assert "secret" not in content


def test_the_clock_is_held_against_a_time_server() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            _, asker = server.recvfrom(PACKET_BYTES)
            whole, fraction = divmod(time.time() + 2_208_988_800 + 40, 1)
            stamp = struct.pack(">II", int(whole), int(fraction * 2**32))
            server.sendto(bytes((0x24, 2)) + bytes(30) + stamp + stamp, asker)

        answering = threading.Thread(target=answer)
        answering.start()
        offset = ask_time_server(f"127.0.0.1:{server.getsockname()[1]}")
        answering.join()
    assert offset == pytest.approx(40, abs=5)


def test_a_time_server_that_does_not_answer_says_nothing() -> None:
    assert ask_time_server("127.0.0.1:9") is None
