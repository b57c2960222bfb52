"""Asks for pages at given moments, whatever the server does: a process of its own, so that asking costs no one else.

Reads one JSON object from standard input (`port`, `threads`, `requests`: [seconds, name, method, path, body]) and
writes the latencies, from the moment each request was due, as a JSON list of [name, milliseconds, status].
"""

import json
import queue
import sys
import threading
import time
from typing import Any

from benchmarks.connection import Connection

FORM_TYPE = "application/x-www-form-urlencoded"


class Askers:
    """A few threads with a connection each that carry out what is due."""

    def __init__(self, port: int, threads: int) -> None:
        self._due: queue.SimpleQueue[tuple[float, list[Any]] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, args=[port]) for _ in range(threads)]
        self.latencies: list[tuple[str, float, int]] = []

    def ask(self, requests: list[list[Any]]) -> None:
        """Hand each request to whoever is free at its moment; return when all are answered."""
        for thread in self._threads:
            thread.start()
        began = time.perf_counter()
        for request in requests:
            due = began + request[0]
            time.sleep(max(0.0, due - time.perf_counter()))
            self._due.put((due, request))
        for _ in self._threads:
            self._due.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, port: int) -> None:
        connection = Connection(port)
        while (task := self._due.get()) is not None:
            due, (_, name, method, path, body) = task
            status = _status(connection, method, path, body)
            self.latencies.append((name, (time.perf_counter() - due) * 1000, status))
        connection.close()


def _status(connection: Connection, method: str, path: str, body: str) -> int:
    try:
        if method == "GET":
            return connection.get(path).status
        return connection.post(path, body.encode(), FORM_TYPE).status
    except OSError:
        return 0


def main() -> None:
    """Carry out what standard input says."""
    task = json.loads(sys.stdin.read())
    askers = Askers(task["port"], task["threads"])
    askers.ask(task["requests"])
    sys.stdout.write(json.dumps(askers.latencies))


if __name__ == "__main__":
    main()
