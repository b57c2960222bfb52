"""The other side: a program that reads what strangers sent, file after file, within the room that it is given."""

import os
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import msgspec

if sys.platform != "win32":
    import resource

LENGTH_BYTES = 8
# Behind all else, and gone when nobody asks.
NICENESS, IDLE_SECONDS = 19, 60.0


@dataclass(frozen=True)
class RoomApart:
    """What such a program may take: so much memory, and so many seconds of a processor for each file."""

    most_bytes: int
    most_seconds: int


def serve(
    read: Callable[[IO[bytes]], msgspec.Struct], room: RoomApart, make_ready: Callable[[], object]
) -> None:
    """Answer what comes on standard input with what `read` finds in it, until nobody asks for a while.

    `make_ready` loads what is loaded when it is first needed: no file is opened after it. Whoever makes `read` take
    more than its room ends nobody else.
    """
    if sys.platform != "win32":
        os.nice(NICENESS)
    make_ready()
    _give_up(room)
    with suppress(BrokenPipeError, KeyboardInterrupt):
        _answer(sys.stdin.buffer, sys.stdout.buffer, read, room)


def _answer(
    asked: IO[bytes], answers: IO[bytes], read: Callable[[IO[bytes]], msgspec.Struct], room: RoomApart
) -> None:
    """Answer file after file, each with its length before it."""
    while _is_asked(asked) and (length := asked.read(LENGTH_BYTES)):
        content = asked.read(int.from_bytes(length))
        _give_time(room)
        answer = msgspec.json.encode(read(BytesIO(content)))
        answers.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
        answers.flush()


def _is_asked(asked: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True
    return bool(select.select([asked], [], [], IDLE_SECONDS)[0])


def _give_time(room: RoomApart) -> None:
    """Let the next file take so much of a processor; the system ends who takes more (SIGXCPU)."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + 1 + room.most_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _give_up(room: RoomApart) -> None:
    """Whoever makes this process do what a file says opens no file, no connection and no process with it."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (room.most_bytes, room.most_bytes))
        for limit in (
            resource.RLIMIT_CORE,
            resource.RLIMIT_NOFILE,
            resource.RLIMIT_NPROC,
            resource.RLIMIT_FSIZE,
        ):
            resource.setrlimit(limit, (0, 0))
