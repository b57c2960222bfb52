"""The application that granian serves: a body taken in, a turn waited for, Django called."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from time import monotonic
from typing import IO, Any

from django.conf import settings
from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from chotxanh.beside.networks import network_in
from chotxanh.door.bodies import IN_MEMORY_BYTES, Stalled, drain, take_in
from chotxanh.door.queueing import Lane, Room, TurnTaking
from chotxanh.door.refusals import BUSY, STALLED, WITHOUT_LENGTH, Answer, Refusals
from chotxanh.door.requests import environ_of
from chotxanh.protocol.bodies import PHOTOS, SHEETS, longest_body, stated_length
from chotxanh.site.watch.requests import HEADER, answered_at_the_door

# The stated load of one process: so many requests wait for a thread, so many of one network, none for longer.
MOST_WAITING, MOST_WAITING_OF_ONE, LONGEST_WAIT_SECONDS = 1024, 640, 10.0
MOST_PHOTOS_WAITING, MOST_PHOTOS_WAITING_OF_ONE = 6, 3
REST = 4.0  # a flood of photos takes a fifth of a core in each process
MOST_PASSWORDS_WAITING, MOST_PASSWORDS_WAITING_OF_ONE = 16, 8
# Where a password is typed: to compute its hash takes a third of a second of one core.
PASSWORD_PATHS = frozenset(
    {
        *("/office/sign-in", "/office/sign-in/code", "/office/password"),
        *("/api/v1/sign-in", "/api/v1/sign-in/badge"),
    }
)
# So many bodies that wait on the disk come in at once.
MOST_LARGE_BODIES, MOST_LARGE_BODIES_OF_ONE = 128, 32
MOST_PHOTOS, MOST_PHOTOS_OF_ONE = 16, 8
# Lists of people are read, looked at and recorded in a lane of their own. They wait in memory, for no disk may hold
# them unsealed; so few at once come in.
MOST_SHEETS_WAITING, MOST_SHEETS_WAITING_OF_ONE = 24, 12
MOST_SHEETS, MOST_SHEETS_OF_ONE = 6, 3
# A paper takes up to some seconds, and waits for its turn before: no other page waits with it.
MOST_PAPERS_WAITING, MOST_PAPERS_WAITING_OF_ONE = 24, 12
PAPERS, OWN_PAPER = "/office/papers", "/data/pdf"
# SQLite has one writer: further threads only wait (p99 800 ms with four, 130 ms with one).
THREADS = 1 if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 4

logger = logging.getLogger("chotxanh.faults")

Environ = dict[str, Any]


class Door:
    """Takes requests in and has them answered, or says that it cannot now."""

    def __init__(self, django: Callable[..., Iterable[bytes]]) -> None:
        """Stand before a WSGI application; write the answers that need no thread."""
        self._django = django
        self._refusals = Refusals()
        self._ordinary = Lane("answering", THREADS, TurnTaking(MOST_WAITING, MOST_WAITING_OF_ONE))
        self._room = Room(MOST_LARGE_BODIES, MOST_LARGE_BODIES_OF_ONE)
        self._room_for_photos = Room(MOST_PHOTOS, MOST_PHOTOS_OF_ONE)
        self._passwords = Lane(
            "passwords", 2, TurnTaking(MOST_PASSWORDS_WAITING, MOST_PASSWORDS_WAITING_OF_ONE)
        )
        self._room_for_sheets = Room(MOST_SHEETS, MOST_SHEETS_OF_ONE)
        self._sheets = Lane("sheets", 1, TurnTaking(MOST_SHEETS_WAITING, MOST_SHEETS_WAITING_OF_ONE))
        self._papers = Lane("papers", 1, TurnTaking(MOST_PAPERS_WAITING, MOST_PAPERS_WAITING_OF_ONE))
        self._photos = Lane("photos", 1, TurnTaking(MOST_PHOTOS_WAITING, MOST_PHOTOS_WAITING_OF_ONE), REST)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to answer."""
        self._ordinary.open()
        self._photos.open()
        self._sheets.open()
        self._papers.open()
        self._passwords.open()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        if "HTTP_TRANSFER_ENCODING" in environ:  # RFC 9110 section 15.5.12
            return self._refuse(WITHOUT_LENGTH, environ, protocol)
        length = stated_length(environ.get("CONTENT_LENGTH")) or 0
        is_too_long = length > longest_body(environ["PATH_INFO"])
        if not length or (is_too_long and not is_upload(environ)):
            return await self._answer(environ, BytesIO(), protocol)
        if is_photo(environ) and self._has_too_many_photos(environ):
            return self._refuse(BUSY, environ, protocol)  # of what nobody could read now nothing is taken in
        if length <= IN_MEMORY_BYTES:
            return await self._take_in_and_answer(environ, length, protocol)
        network = network_in(environ)
        with self._room_of(environ).place(network.name, has_wide_share=network.is_registered) as is_free:
            if not is_free:
                return self._refuse(BUSY, environ, protocol)
            return await self._take_in_and_answer(environ, length, protocol)

    def _has_too_many_photos(self, environ: Environ) -> bool:
        network = network_in(environ)
        return self._photos.is_full(network.name, has_wide_share=network.is_registered)

    async def _take_in_and_answer(self, environ: Environ, length: int, protocol: HTTPProtocol) -> None:
        """Take the body in before a thread is asked for. An upload that is too long is read away; Django says so."""
        chunks = aiter(protocol)
        try:
            if length > longest_body(environ["PATH_INFO"]):
                await drain(chunks)
                return await self._answer(environ, BytesIO(), protocol)
            in_memory = length if is_of_lists(environ) else IN_MEMORY_BYTES
            body = await take_in(chunks, length, in_memory=in_memory)
        except Stalled:
            return self._refuse(STALLED, environ, protocol)
        with body:
            return await self._answer(environ, body, protocol)

    async def _answer(self, environ: Environ, body: IO[bytes], protocol: HTTPProtocol) -> None:
        """Wait until a thread has answered. The answer leaves from there; this coroutine must outlive it."""
        environ["wsgi.input"] = body
        loop = asyncio.get_running_loop()
        answered = loop.create_future()
        network = network_in(environ)
        until = monotonic() + LONGEST_WAIT_SECONDS

        def work() -> None:
            try:
                if monotonic() > until:
                    self._refuse(BUSY, environ, protocol)
                else:
                    self._call_django(environ, protocol)
            except Exception as fault:
                logger.error("%s at the door", type(fault).__name__)
                protocol.response_empty(500, [(HEADER.lower(), answered_at_the_door(environ, 500))])
            finally:
                with contextlib.suppress(RuntimeError):  # the server is ending, and with it the loop
                    loop.call_soon_threadsafe(answered.set_result, None)

        if self._lane_of(environ).put(network.name, work, has_wide_share=network.is_registered):
            await answered
        else:
            self._refuse(BUSY, environ, protocol)

    def _room_of(self, environ: Environ) -> Room:
        if is_photo(environ):
            return self._room_for_photos
        return self._room_for_sheets if is_of_lists(environ) else self._room

    def _lane_of(self, environ: Environ) -> Lane:
        if is_photo(environ):
            return self._photos
        if is_of_lists(environ):
            return self._sheets
        if is_of_papers(environ["PATH_INFO"]):
            return self._papers
        is_password = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in PASSWORD_PATHS
        return self._passwords if is_password else self._ordinary

    def _call_django(self, environ: Environ, protocol: HTTPProtocol) -> None:
        status, head = 500, list[tuple[str, str]]()

        def start_response(line: str, headers: list[tuple[str, str]], *_error: object) -> None:
            nonlocal status, head
            status, head = int(line[:3]), headers

        parts = self._django(environ, start_response)
        try:
            content = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        protocol.response_bytes(status, head, content)

    def _refuse(self, code: str, environ: Mapping[str, object], protocol: HTTPProtocol) -> None:
        answer: Answer = self._refusals.answer(code, environ)
        protocol.response_bytes(answer.status, list(answer.headers), answer.content)


def is_photo(environ: Mapping[str, object]) -> bool:
    """Whether this request sends a photo to be read."""
    return _sends_a_file(environ) and environ["PATH_INFO"] == PHOTOS


def is_of_lists(environ: Mapping[str, object]) -> bool:
    """Whether this request is of a list of people, which may be long."""
    return str(environ["PATH_INFO"]).startswith(SHEETS)


def is_of_papers(path: str) -> bool:
    """Whether a PDF is set for whoever asks this address."""
    return path.startswith(PAPERS) or path.endswith(OWN_PAPER)


def is_upload(environ: Mapping[str, object]) -> bool:
    """Whether this request sends a file by a form that says itself what is too long."""
    return is_photo(environ) or (_sends_a_file(environ) and is_of_lists(environ))


def _sends_a_file(environ: Mapping[str, object]) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).lower().startswith("multipart/form-data")
