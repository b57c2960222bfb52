"""Attacks a server as strangers would: a process of its own. Reads one JSON object, an Attack, from standard input.

Each request comes from an address of this machine's own loopback network, so that nginx sees as many as there are.
When its seconds are over it writes how often each attack was answered with which status, as JSON.
"""

import asyncio
import contextlib
import io
import random
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from http.cookies import SimpleCookie
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

import msgspec
from PIL import Image

STALLED, ADDRESSES = 1_000, 200
PICTURES, ENTRIES, SIGN_INS = 50, 200, 20  # a second
FLOOD = 400  # a second
PAGES = ("/declare/flooded", "/verify", "/p/no-such-page-at-all", "/")
READS = ("/api/v1/clock", "/api/v1/feed?after=0", "/api/v1/cards/person/P0123456789BCDF")
ENTRIES_AT_ONCE, ENTRY_BYTES = 20, 5_000
SIDE = 3_900  # 15 megapixels, in some thousand bytes
WITHIN_SECONDS = 60
HALVES = (
    b"POST /declare HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\nhalf of it",
    b"POST /api/v1/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000\r\n\r\n{",
    b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 900000\r\n\r\n--b",
    b"GET / HTTP/1.1\r\nHost: 127",
)
Attacks: TypeAlias = list[Coroutine[Any, Any, None]]
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Attack(msgspec.Struct, frozen=True):
    """At which port, for how many seconds, and with what: everything at once, or a flood on pages or on the API."""

    port: int
    seconds: float
    floods: Literal["everything", "pages", "api"] = "everything"


class Strangers:
    """All who attack, and what they were answered."""

    def __init__(self, attack: Attack) -> None:
        self._port, self._seconds, self._floods = attack.port, attack.seconds, attack.floods
        self.answered: dict[str, Counter[str]] = {}
        self._draw = random.Random(8)
        self._pictures = [_multipart(picture) for picture in _pictures()]

    async def attack(self) -> None:
        """Do what was said, all at once, until the time is over."""
        floods = {"everything": self._everything, "pages": self._flood_pages, "api": self._flood_api}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await asyncio.gather(*floods[self._floods]())

    def _everything(self) -> Attacks:
        return [
            *(self._stall(number) for number in range(STALLED)),
            self._paced("pictures", PICTURES, self._send_picture),
            self._paced("entries", ENTRIES / ENTRIES_AT_ONCE, self._send_entries),
            self._paced("sign-ins", SIGN_INS, self._sign_in),
        ]

    def _flood_pages(self) -> Attacks:
        return [self._paced("pages", FLOOD, lambda number: self._read(number, PAGES))]

    def _flood_api(self) -> Attacks:
        return [
            self._paced("reads", FLOOD - ENTRIES / ENTRIES_AT_ONCE, lambda number: self._read(number, READS)),
            self._paced("entries", ENTRIES / ENTRIES_AT_ONCE, self._send_entries),
        ]

    async def _stall(self, number: int) -> None:
        """Hold one connection with half a request, again and again."""
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await self._connect(number)
                writer.write(HALVES[number % len(HALVES)])
                self._note("stalled", await _status(reader))
                writer.close()
            await asyncio.sleep(0.1)

    async def _paced(self, name: str, a_second: float, ask: Callable[[int], Awaitable[str]]) -> None:
        """Ask so often, whether answers come or not."""
        asking: set[asyncio.Task[None]] = set()
        number = 0
        while True:
            task = asyncio.create_task(self._noted(name, ask, number))
            asking.add(task)
            task.add_done_callback(asking.discard)
            number += 1
            await asyncio.sleep(self._draw.expovariate(a_second))

    async def _noted(self, name: str, ask: Callable[[int], Awaitable[str]], number: int) -> None:
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                self._note(name, await ask(number))
        except OSError as error:
            self._note(name, type(error).__name__)

    async def _read(self, number: int, paths: Sequence[str]) -> str:
        return (await self._ask(number, "GET", paths[number % len(paths)], b"", {}))[0]

    async def _send_picture(self, number: int) -> str:
        kind = "multipart/form-data; boundary=b"
        picture = self._pictures[number % len(self._pictures)]
        return (await self._ask(number, "POST", "/verify", picture, {"Content-Type": kind}))[0]

    async def _send_entries(self, number: int) -> str:
        bodies = [f"{number}-{each}-" + "x" * ENTRY_BYTES for each in range(ENTRIES_AT_ONCE)]
        sent = msgspec.json.encode({"protocol": 1, "entries": bodies})
        kind = {"Content-Type": "application/json"}
        return (await self._ask(number, "POST", "/api/v1/entries", sent, kind))[0]

    async def _sign_in(self, number: int) -> str:
        status, head, page = await self._ask(number, "GET", "/office/sign-in", b"", {})
        token, cookies = _TOKEN.search(page), SimpleCookie()
        for line in re.findall(r"(?im)^set-cookie: ([^\r\n]*)", head):
            cookies.load(line)
        if token is None:
            return status
        fields = {
            "csrfmiddlewaretoken": token[1].decode(),
            "username": f"ten.{number}",
            "password": "mat-khau-sai-1",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items()),
        }
        return (await self._ask(number, "POST", "/office/sign-in", urlencode(fields).encode(), headers))[0]

    async def _ask(
        self, number: int, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[str, str, bytes]:
        reader, writer = await self._connect(number)
        lines = {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"} | headers
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = await reader.read()
        writer.close()
        said, _, content = answer.partition(b"\r\n\r\n")
        return _status_in(said), said.decode("latin-1"), content

    async def _connect(self, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = f"127.{1 + number % ADDRESSES}.0.1"
        return await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0), limit=2**22)

    def _note(self, name: str, status: str) -> None:
        self.answered.setdefault(name, Counter())[status] += 1


async def _status(reader: asyncio.StreamReader) -> str:
    return _status_in(await reader.read(4096))


def _status_in(answer: bytes) -> str:
    return answer[9:12].decode("latin-1") or "hung up"


def _pictures() -> list[bytes]:
    """A grey one, a transparent one and a JPEG in several scans: each is unpacked whole."""
    grey = Image.new("L", (SIDE, SIDE), 200)
    return [
        _saved(grey, "PNG"),
        _saved(grey.convert("RGBA"), "PNG"),
        _saved(grey.convert("CMYK"), "JPEG", progressive=True),
    ]


def _saved(picture: Image.Image, kind: str, **options: bool) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def _multipart(picture: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return head + picture + b"\r\n--b--\r\n"


def main() -> None:
    """Attack as standard input says."""
    strangers = Strangers(msgspec.json.decode(sys.stdin.buffer.read(), type=Attack))
    asyncio.run(strangers.attack())
    sys.stdout.buffer.write(msgspec.json.encode(strangers.answered))


if __name__ == "__main__":
    main()
