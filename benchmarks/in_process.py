"""The product's WSGI application called directly, and the CPU that a call costs: Python's and the database's.

Nothing of a client is counted: requests are made beforehand, and what is timed is the application alone. HTTP
itself would add about 3 v a request.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from benchmarks.connection import Reply
from benchmarks.processes import exact_cpu_seconds
from chotxanh.wsgi import application

ADDRESS = "127.0.0.1"
# What a station's fetch sends: answers are compressed for it.
BROWSER = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


class Application:
    """Answers requests in this process. `database` is the postmaster's process, None on SQLite."""

    def __init__(self, database: int | None) -> None:
        self._database = database

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for a page."""
        return _answer(_environ("GET", path, b"", dict(headers or {})))

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> Reply:
        """Send a body and return the answer."""
        return _answer(_environ("POST", path, body, {"Content-Type": content_type}))

    def cost_of_work(self, work: Callable[[], object]) -> float:
        """Return the CPU seconds of something else than requests, in Python and in the database."""
        database, began = self._database_seconds(), time.process_time()
        work()
        python = time.process_time() - began
        return python + self._database_seconds() - database

    def cost_of(
        self, requests: Iterable[Mapping[str, Any]], is_right: Callable[[Reply], bool] | None = None
    ) -> float:
        """Return the CPU seconds of these requests together, in Python and in the database.

        Raises RuntimeError unless every answer is right: has status 200, if nothing else is said.
        """
        wanted = list(requests)
        replies: list[Reply] = []
        used = self.cost_of_work(lambda: replies.extend(map(_answer, wanted)))
        wrong = [reply for reply in replies if not (is_right or _is_shown)(reply)]
        if wrong:
            raise RuntimeError(f"{wrong[0].status} {wrong[0].body[:200].decode(errors='replace')}")
        return used

    def _database_seconds(self) -> float:
        return exact_cpu_seconds(self._database) if self._database else 0.0


def get_request(path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Prepare a GET for `cost_of`."""
    return _environ("GET", path, b"", BROWSER | dict(headers))


def post_request(
    path: str, body: bytes, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Prepare a POST for `cost_of`."""
    return _environ("POST", path, body, BROWSER | {"Content-Type": content_type} | dict(headers or {}))


def _is_shown(reply: Reply) -> bool:
    return reply.status == HTTPStatus.OK


def _environ(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return a request as a server hands it to WSGI (PEP 3333)."""
    place, _, query = path.partition("?")
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    fields["CONTENT_TYPE"] = fields.pop("HTTP_CONTENT_TYPE", "")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": place,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": ADDRESS,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": ADDRESS,
        "HTTP_HOST": ADDRESS,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **fields,
    }


def _answer(environ: Mapping[str, Any]) -> Reply:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: Any = None, /
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda _written: None

    response = application(dict(environ), start_response)
    try:
        body = b"".join(response)
    finally:
        response.close()
    status, headers = started[-1]
    return Reply(int(status.split()[0]), {name.lower(): value for name, value in headers}, body)
