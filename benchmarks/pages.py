"""`declare.page`, `declare.first_visit` and `server.memory`: what the web costs the server, the line and the memory."""

import gzip
import re
from urllib.parse import urlencode

from benchmarks.connection import Connection, Reply
from benchmarks.figures import Figure, Place, bound
from benchmarks.people import declaration_form, person_of
from benchmarks.processes import cpu_seconds, megabytes
from benchmarks.stages import FORM_TYPE
from benchmarks.station import ProtocolBroken

DECLARATIONS, WARM_UP = 400, 20
SEED = 11
MOST_CPU_MS, MOST_KILOBYTES, MOST_MEGABYTES = 3.0, 80.0, 300.0
PAGES = ("/", "/declare", "/verify", "/privacy")
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
    before = cpu_seconds(*place.roots)
    for body in bodies[WARM_UP:]:
        _declare(connection, body)
    used = cpu_seconds(*place.roots) - before
    connection.close()
    return [bound("declare.page", used / DECLARATIONS * 1000, "ms CPU", MOST_CPU_MS)]


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
        if reply.status != 200:
            raise ProtocolBroken(f"{path} was answered with {reply.status}")
        seen[path] = len(_compressed(reply))
        if path == "/declare" or path.endswith(".css"):
            text = _plain(connection.get(path)).decode()
            waiting += _LINKED.findall(text) + _LINKED_IN_STYLE.findall(text)
    connection.close()
    return [bound("declare.first_visit", sum(seen.values()) / 1024, "kB", MOST_KILOBYTES)]


def measure_memory(place: Place) -> list[Figure]:
    """Return the megabytes of the server's processes after load."""
    connection = Connection(place.serving.port)
    for number in range(ROUNDS_OF_LOAD):
        for path in PAGES:
            connection.get(path)
        location = _declare(connection, _form(1_000_000 + number))
        connection.get(location)
    connection.close()
    return [bound("server.memory", megabytes(place.serving.process.pid), "MB", MOST_MEGABYTES)]


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
