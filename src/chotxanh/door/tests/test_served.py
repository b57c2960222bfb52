"""The server as it is started, without any proxy in front: what stalls keeps nobody waiting."""

import contextlib
import http.client
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from chotxanh.cli import server
from chotxanh.cli.ports import free_port

WITHIN_SECONDS = 60
STALLED = 300
HALVES = (
    b"POST /declare HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\nhalf of it",
    b"POST /api/v1/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n\r\n{",
    b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 900000\r\n\r\n--b",
    b"GET / HTTP/1.1\r\nHost: 127",
    b"",
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of its own; what is asked of it needs no database."""
    home: Path = tmp_path_factory.mktemp("home")
    address = server.Address("127.0.0.1", free_port())
    environment = {**os.environ, "CHOTXANH_HOME": str(home)}
    environment.pop("CHOTXANH_DATABASE_URL", None)
    with server.running(address, environment):
        yield address.port


def ask(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_SECONDS)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_c2_connections_that_stall_keep_nobody_waiting(port: int) -> None:
    with contextlib.ExitStack() as stalled:
        for number in range(STALLED):
            sock = stalled.enter_context(socket.create_connection(("127.0.0.1", port), WITHIN_SECONDS))
            sock.sendall(HALVES[number % len(HALVES)])
        assert [ask(port, "GET", path).status for path in ("/", "/verify", "/nowhere")] == [200, 200, 404]


@pytest.mark.parametrize("path", ["/declare", "/p/", "/language/en", "/verify"])
def test_c5_a_body_of_300_megabytes_is_refused_on_every_path(port: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", port), WITHIN_SECONDS) as large:
        large.sendall(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            "Content-Length: 300000000\r\n\r\n".encode()
        )
        large.shutdown(socket.SHUT_WR)
        assert large.makefile("rb").readline().split()[1] == b"413"


def test_d7_every_answer_carries_the_policies(port: int) -> None:
    for path in ("/", "/verify", "/nowhere", "/api/v1/clock"):
        answer = ask(port, "GET", path)
        for name in (
            "Content-Security-Policy",
            "Permissions-Policy",
            "Cache-Control",
            "X-Content-Type-Options",
        ):
            assert answer.headers[name], (path, name)
