"""One kept-alive HTTP connection to the server under test."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Reply:
    """An answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line(Protocol):
    """What a station speaks over: a connection, or the application in the same process."""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for a page."""

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> Reply:
        """Send a body and wait for the answer."""


class Connection:
    """Sends requests one after the other; opens itself anew after it was dropped."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for a page."""
        return self._exchange("GET", path, None, headers or {})

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> Reply:
        """Send a body and wait for the answer."""
        return self._exchange("POST", path, body, {"Content-Type": content_type})

    def post_and_hang_up(self, path: str, body: bytes, content_type: str = "application/json") -> None:
        """Send a body whole and drop the line before the answer comes."""
        self._connection.request("POST", path, body, {"Content-Type": content_type})
        self._connection.close()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        try:
            return self._once(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server ended an idle connection. What is sent twice is harmless; that is the ledger's first rule.
            self._connection.close()
            return self._once(method, path, body, headers)

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
