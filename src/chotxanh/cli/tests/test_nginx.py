"""`deploy/nginx.conf` with a real nginx: it routes by path, takes bodies whole, and logs no address."""

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chotxanh.cli.ports import free_port
from chotxanh.cli.proxy import Certificate, Ports, in_front, nginx
from chotxanh.cli.stopped import Stopped
from chotxanh.protocol.bodies import LONGEST_BODIES
from tests.tls import write_certificate

WITHIN_SECONDS = 20


class Behind(ThreadingHTTPServer):
    """Stands where the product would: answers with its own name and remembers what it was asked."""

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.name = name
        self.asked: list[tuple[str, str]] = []
        self.names: list[str | None] = []
        self.schemes: list[str | None] = []


class _Answers(BaseHTTPRequestHandler):
    server: Behind

    def do_GET(self) -> None:
        """Answer with the server's name."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, self.headers.get("X-Forwarded-For", "")))
        self.server.names.append(self.headers.get("X-Request-ID"))
        self.server.schemes.append(self.headers.get("X-Forwarded-Proto"))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.name)))
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.end_headers()
        self.wfile.write(self.server.name.encode())

    do_POST = do_GET  # noqa: N815 -- the handler's own naming

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Front:
    """The nginx under test and what stands behind it."""

    port: int
    plain_port: int
    pages: Behind
    stations: Behind
    log: Path
    process: "subprocess.Popen[bytes]"

    def logged(self) -> str:
        """Let nginx finish; return what it logged."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        return self.log.read_text(encoding="utf-8")

    def ask(
        self, path: str, headers: dict[str, str] | None = None, port: int = 0
    ) -> tuple[http.client.HTTPResponse, str]:
        """Ask through nginx; return the answer and its words."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=WITHIN_SECONDS)
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        words = answer.read().decode()
        connection.close()
        return answer, words

    def get(self, path: str) -> str:
        """Ask through nginx; return the name of who answered."""
        return self.ask(path)[1]

    def send_head(self, path: str, length: int) -> socket.socket:
        """Send the head of a request that announces a body of so many bytes, and no body."""
        sending = socket.create_connection(("127.0.0.1", self.port), WITHIN_SECONDS)
        sending.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n".encode())
        return sending


@contextlib.contextmanager
def _standing(folder: Path, certificate: Certificate | None = None) -> Iterator[Front]:
    """The configuration as it is delivered, but for its ports, its owner, its certificate and where it writes."""
    pages, stations = behind = (Behind("pages"), Behind("stations"))
    for each in behind:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    port, plain_port, log = free_port(), free_port(), folder / "access.log"
    ports = Ports(port, plain_port, pages.server_port, stations.server_port)
    try:
        nginx()
    except Stopped as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))
    try:
        with in_front(folder, ports, certificate) as process:
            yield Front(port, plain_port, pages, stations, log, process)
    finally:
        for each in behind:
            each.shutdown()
            each.server_close()


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """Speaks in plain."""
    with _standing(tmp_path) as standing:
        yield standing


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """One of its own for the server's name."""
    chain, key = write_certificate(tmp_path, "chot.example")
    return Certificate(chain, key)


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


def test_nobody_chooses_by_a_header_where_they_come_from(front: Front) -> None:
    front.ask("/", {"X-Forwarded-For": "198.51.100.9", "X-Request-ID": "of-a-stranger"})
    assert front.pages.asked == [("/", "127.0.0.1")]
    assert front.pages.names == [None], "nor what their request is called in the log"


def test_c2_bodies_that_stall_reach_nobody_and_keep_nobody_waiting(front: Front) -> None:
    with contextlib.ExitStack() as stalled:
        for _ in range(300):
            stalled.enter_context(front.send_head("/declare", 9000)).sendall(b"half of it")
        assert front.get("/") == "pages"
        assert [path for path, _ in front.pages.asked] == ["/"]


@pytest.mark.parametrize(("beginning", "most"), LONGEST_BODIES)
def test_c5_a_body_is_as_long_as_the_server_takes_it_and_no_longer(
    front: Front, beginning: str, most: int
) -> None:
    for path in (beginning, "/p/" if beginning == "/" else beginning):
        with front.send_head(path, most + 1) as too_long:
            assert too_long.recv(1000).startswith(b"HTTP/1.1 413")
    assert front.pages.asked == front.stations.asked == []
    with front.send_head(beginning, most) as longest:
        longest.sendall(bytes(most))
        assert longest.recv(1000).startswith(b"HTTP/1.1 200")


def test_d7_browsers_are_led_to_https_and_stay_there(front: Front) -> None:
    led, _ = front.ask("/declare/a?b=c", port=front.plain_port)
    assert (led.status, led.headers["Location"]) == (301, "https://chot.example/declare/a?b=c")
    answer, _ = front.ask("/")
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_d7_it_speaks_the_tls_of_today_and_says_so_to_the_server_behind(
    tmp_path: Path, certificate: Certificate, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context(cafile=str(certificate.chain))
    context.minimum_version = context.maximum_version = version
    with _standing(tmp_path, certificate) as standing, _spoken(standing.port, context) as line:
        line.sendall(b"GET /p/a-secret HTTP/1.1\r\nHost: chot.example\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"Strict-Transport-Security: max-age=31536000" in answer
        assert standing.pages.schemes == ["https"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_d7_it_speaks_no_tls_that_is_broken(tmp_path: Path, certificate: Certificate) -> None:
    context = ssl.create_default_context(cafile=str(certificate.chain))
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        _standing(tmp_path, certificate) as standing,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
        _spoken(standing.port, context),
    ):
        pass


@contextlib.contextmanager
def _spoken(port: int, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(("127.0.0.1", port), WITHIN_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="chot.example") as line,
    ):
        yield line


@pytest.mark.parametrize("path", ["/", "/api/v1/clock"])
def test_where_nobody_answers_behind_all_are_told_to_come_again(front: Front, path: str) -> None:
    for each in (front.pages, front.stations):
        each.shutdown()
        each.server_close()
    answer, words = front.ask(path)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "đang bận" in words


def test_figures_are_for_the_machine_itself(front: Front) -> None:
    answer, _ = front.ask("/metrics")
    assert answer.status == 404
    assert front.pages.asked == []
