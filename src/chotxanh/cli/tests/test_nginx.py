"""`deploy/nginx.conf` with a real nginx: it routes by path, takes bodies whole, and logs no address."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chotxanh.cli import debian
from chotxanh.cli.paths import ROOT
from chotxanh.cli.ports import free_port
from chotxanh.cli.stopped import Stopped

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
WITHIN_SECONDS = 20


class Behind(ThreadingHTTPServer):
    """Stands where the product would: answers with its own name and remembers what it was asked."""

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.name = name
        self.asked: list[tuple[str, str]] = []


class _Answers(BaseHTTPRequestHandler):
    server: Behind

    def do_GET(self) -> None:
        """Answer with the server's name."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, self.headers.get("X-Forwarded-For", "")))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.name)))
        self.end_headers()
        self.wfile.write(self.server.name.encode())

    do_POST = do_GET  # noqa: N815 -- the handler's own naming

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Front:
    """The nginx under test and what stands behind it."""

    port: int
    pages: Behind
    stations: Behind
    log: Path
    process: "subprocess.Popen[bytes]"

    def logged(self) -> str:
        """Let nginx finish; return what it logged."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        """Ask through nginx; return the name of who answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN_SECONDS)
        connection.request("GET", path)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """The configuration as it is delivered, but for its ports, its certificate and where it logs."""
    pages, stations = behind = (Behind("pages"), Behind("stations"))
    for each in behind:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    port, log = free_port(), tmp_path / "access.log"
    delivered = CONFIGURATION.read_text(encoding="utf-8")
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{pages.server_port}",
        "127.0.0.1:8001": f"127.0.0.1:{stations.server_port}",
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "/var/log/nginx/chotxanh.log": str(log),
        "/var/log/nginx/chotxanh-error.log": str(tmp_path / "error.log"),
    }
    for old, new in changes.items():
        assert old in delivered, old
        delivered = delivered.replace(old, new)
    delivered = re.sub(r"^ +ssl_certificate.*\n", "", delivered, flags=re.MULTILINE)
    file = tmp_path / "nginx.conf"
    owner = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    places = " ".join(
        f"{name}_temp_path {tmp_path};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file.write_text(
        f"{owner} pid {tmp_path}/pid; daemon off; events {{}} http {{ {places} {delivered} }}",
        encoding="utf-8",
    )
    with subprocess.Popen([_nginx(), "-p", str(tmp_path), "-c", str(file)], stderr=subprocess.PIPE) as nginx:
        try:
            _wait_for(port, nginx)
            yield Front(port, pages, stations, log, nginx)
        finally:
            nginx.terminate()
            for each in behind:
                each.shutdown()
                each.server_close()


def test_stations_and_pages_go_to_processes_of_their_own(front: Front) -> None:
    for path in ("/", "/declare/a", "/p/secret", "/verify", "/office/board", "/static/a.css", "/api/v2/x"):
        assert front.get(path) == "pages", path
    for path in ("/api/v1/entries", "/api/v1/feed?after=", "/api/v1/clock", "/station/", "/station/sw.js"):
        assert front.get(path) == "stations", path


def test_who_asks_is_told_and_no_address_is_logged(front: Front) -> None:
    front.get("/p/a-secret-link")
    assert front.pages.asked == [("/p/a-secret-link", "127.0.0.1")]
    logged = front.logged()
    assert "GET 200" in logged
    assert "secret" not in logged


def test_a_body_that_stalls_reaches_nobody(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), WITHIN_SECONDS) as stalled:
        stalled.sendall(b"POST /declare HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nhalf of it")
        assert front.get("/") == "pages"
        assert [path for path, _ in front.pages.asked] == ["/"]


def test_a_body_that_is_too_large_is_refused_by_its_length(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), WITHIN_SECONDS) as large:
        large.sendall(b"POST /verify HTTP/1.1\r\nHost: a\r\nContent-Length: 99000000\r\n\r\n")
        assert large.recv(1000).startswith(b"HTTP/1.1 413")
    assert front.pages.asked == []


def _nginx() -> str:
    """Find nginx, or install it where PostgreSQL is installed too; without it these tests tell nothing."""
    if shutil.which("nginx", path=_path()) is None and debian.can_install():
        try:
            debian.install("nginx-light")
        except Stopped as reason:
            pytest.skip(str(reason))
    found = shutil.which("nginx", path=_path())
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is not here")
    return found


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])


def _wait_for(port: int, nginx: "subprocess.Popen[bytes]") -> None:
    while nginx.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), WITHIN_SECONDS).close()
        except ConnectionRefusedError:
            continue
        return
    pytest.fail(nginx.stderr.read().decode() if nginx.stderr else "nginx ended")
