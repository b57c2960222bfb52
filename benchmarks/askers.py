"""Asks for pages at given moments, whatever the server does: a process of its own, so that asking costs no one else.

Reads one JSON object from standard input, a Task, and writes a JSON list of Answered.
"""

import queue
import sys
import threading
import time
from http import HTTPStatus

import msgspec

from benchmarks.connection import Connection, Reply

FORM_TYPE = "application/x-www-form-urlencoded"


class Request(msgspec.Struct, frozen=True, array_like=True):
    """What to ask for, `due` seconds after the beginning, and the right answer: a page with `words`, or a redirect.

    `leads_to` is what the redirect's address begins with; empty where a page is wanted. A `body` is posted as a form.
    """

    due: float
    name: str
    path: str
    body: str = ""
    words: str = ""
    leads_to: str = ""

    def fault_of(self, reply: Reply) -> str:
        """Say what is wrong with an answer; empty if it is the right one."""
        if self.leads_to:
            is_led = reply.headers.get("location", "").startswith(self.leads_to)
            return "" if is_led else f"no redirect to {self.leads_to}, but {reply.status}"
        if reply.status != HTTPStatus.OK:
            return f"answered with {reply.status}"
        return "" if self.words.encode() in reply.body else f"without {self.words!r}"


class Task(msgspec.Struct, frozen=True):
    """What to ask at which port, with so many threads."""

    port: int
    threads: int
    requests: list[Request]


class Answered(msgspec.Struct, frozen=True, array_like=True):
    """How long one request took from its moment, and what was wrong with its answer."""

    name: str
    milliseconds: float
    fault: str


class Askers:
    """A few threads with a connection each that carry out what is due."""

    def __init__(self, port: int, threads: int) -> None:
        self._due: queue.SimpleQueue[tuple[float, Request] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, args=[port]) for _ in range(threads)]
        self.answered: list[Answered] = []

    def ask(self, requests: list[Request]) -> None:
        """Hand each request to whoever is free at its moment; return when all are answered."""
        for thread in self._threads:
            thread.start()
        began = time.perf_counter()
        for request in requests:
            due = began + request.due
            time.sleep(max(0.0, due - time.perf_counter()))
            self._due.put((due, request))
        for _ in self._threads:
            self._due.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, port: int) -> None:
        connection = Connection(port)
        while (task := self._due.get()) is not None:
            due, request = task
            reply = _ask(connection, request)
            milliseconds = (time.perf_counter() - due) * 1000
            fault = request.fault_of(reply) if reply else "not answered"
            self.answered.append(Answered(request.name, milliseconds, fault))
        connection.close()


def _ask(connection: Connection, request: Request) -> Reply | None:
    try:
        if not request.body:
            return connection.get(request.path)
        return connection.post(request.path, request.body.encode(), FORM_TYPE)
    except OSError:
        return None


def main() -> None:
    """Carry out what standard input says."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    askers = Askers(task.port, task.threads)
    askers.ask(task.requests)
    sys.stdout.buffer.write(msgspec.json.encode(askers.answered))


if __name__ == "__main__":
    main()
