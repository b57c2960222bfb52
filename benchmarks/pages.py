"""`declare.page`, `declare.first_visit` and `server.memory`: what the web costs the server, the line and the memory."""

import gzip
import re
from urllib.parse import urlencode

from benchmarks.connection import Connection, Reply
from benchmarks.figures import Figure, bound, in_verifies
from benchmarks.operating import batches
from benchmarks.people import declaration_form, person_of
from benchmarks.place import Place
from benchmarks.processes import cpu_seconds, megabytes
from benchmarks.stages import FORM_TYPE
from benchmarks.station import ProtocolBroken
from benchmarks.verifying import Rounds

ROUNDS, DECLARATIONS_A_ROUND, WARM_UP = 8, 50, 20
DECLARATIONS = ROUNDS * DECLARATIONS_A_ROUND
SEED = 11
MOST_CPU_V, MOST_KILOBYTES, MOST_MEGABYTES = 48.0, 80.0, 450.0
PAGES = ("/", "/declare/a-form-to-measure", "/verify", "/privacy")
ROUNDS_OF_LOAD = 50
FONTS = (".woff2", ".woff", ".ttf")
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_LINKED_IN_STYLE = re.compile(r"url\([\"']?(/static/[^\"')]+)")


def measure_declaring(place: Place) -> list[Figure]:
    """Return the CPU of one web declaration, from the POST of the answers to the redirect."""
    connection = Connection(place.serving.port)
    bodies = [_form(number) for number in range(DECLARATIONS + WARM_UP)]
    for body in bodies[:WARM_UP]:
        _declare(connection, body)
    rounds = Rounds(place.calibrator)
    for part in batches(bodies[WARM_UP:], DECLARATIONS_A_ROUND):
        before = cpu_seconds(*place.roots)
        for body in part:
            _declare(connection, body)
        rounds.add((cpu_seconds(*place.roots) - before) / len(part))
    connection.close()
    return [in_verifies("declare.page", rounds, MOST_CPU_V)]


def measure_first_visit(place: Place) -> list[Figure]:
    """Return the kilobytes of a first visit to the form: the page and all it links to, compressed, without fonts."""
    connection = Connection(place.serving.port)
    seen: dict[str, int] = {}
    waiting = ["/declare"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.endswith(FONTS):
            continue
        reply = connection.get(path, {"Accept-Encoding": "gzip, br"})
        if reply.status == 303:
            waiting.append(reply.headers["location"])
        elif reply.status != 200:
            raise ProtocolBroken(f"{path} was answered with {reply.status}")
        seen[path] = len(_compressed(reply))
        if path.startswith("/declare/") or path.endswith(".css"):
            text = _plain(connection.get(path)).decode()
            waiting += _LINKED.findall(text) + _LINKED_IN_STYLE.findall(text)
    connection.close()
    return [bound("declare.first_visit", sum(seen.values()) / 1024, "kB", MOST_KILOBYTES)]


def measure_memory(place: Place) -> list[Figure]:
    """Return the megabytes of the server's processes and the worker after load."""
    processes = (*place.serving.pids, place.worker.pid)
    connection = Connection(place.serving.port)
    for number in range(ROUNDS_OF_LOAD):
        for path in PAGES:
            connection.get(path)
        location = _declare(connection, _form(1_000_000 + number))
        connection.get(location)
    connection.close()
    return [bound("server.memory", sum(map(megabytes, processes)), "MB", MOST_MEGABYTES)]


def _form(number: int) -> bytes:
    fields = declaration_form(person_of(SEED, number, DECLARATIONS), f"{SEED}-{number}")
    return urlencode(fields).encode()


def _declare(connection: Connection, body: bytes) -> str:
    reply = connection.post("/declare", body, FORM_TYPE)
    if "location" not in reply.headers:
        raise ProtocolBroken(f"the form was answered with {reply.status}")
    return reply.headers["location"]


def _plain(reply: Reply) -> bytes:
    return gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body


def _compressed(reply: Reply) -> bytes:
    """Return the body as it crosses the line: what the server left plain, the proxy in front compresses."""
    return reply.body if reply.headers.get("content-encoding") else gzip.compress(reply.body, 6)
