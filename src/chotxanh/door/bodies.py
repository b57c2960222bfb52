"""Takes a body in, whole, before a thread is asked for it: with a length, a deadline, and little memory."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from chotxanh.protocol.bodies import LONGEST_STALL, longest_taking

IN_MEMORY_BYTES = 64 * 1024  # what is longer waits on the disk
LONGEST_DRAINED_BYTES = 32 * 1024 * 1024
STALL_SECONDS = LONGEST_STALL.total_seconds()


class Chunks(Protocol):
    """What a body comes from: a chunk at a time, at the end an empty one or StopAsyncIteration."""

    def __aiter__(self) -> "Chunks":
        """Begin."""

    async def __anext__(self) -> bytes:
        """Wait for a chunk."""


class Stalled(Exception):
    """The body took too long, or its sender hung up before the end."""


async def take_in(
    chunks: Chunks, length: int, stall_seconds: float | None = None, *, in_memory: int = IN_MEMORY_BYTES
) -> IO[bytes]:
    """Return a file with the `length` bytes that were announced, at its beginning. Raises Stalled.

    So many as `in_memory` lie on no disk.
    """
    body = SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 -- whoever gets it closes it
    try:
        async with asyncio.timeout(longest_taking(length).total_seconds()):
            left = length
            while left > 0:
                chunk = await _next_of(chunks, stall_seconds)
                body.write(chunk)
                left -= len(chunk)
    except BaseException as error:
        body.close()
        if isinstance(error, TimeoutError):
            raise Stalled from None
        raise
    body.seek(0)
    return body


async def drain(chunks: Chunks, stall_seconds: float | None = None) -> None:
    """Read away a body that is too long, so that the browser shows the answer and not a broken connection."""
    left = LONGEST_DRAINED_BYTES
    try:
        async with asyncio.timeout(longest_taking(0).total_seconds()):
            while left > 0:
                left -= len(await _next_of(chunks, stall_seconds))
    except (Stalled, TimeoutError):
        return


async def _next_of(chunks: Chunks, stall_seconds: float | None) -> bytes:
    """Wait for the next chunk. Raises Stalled at the end: an announced length has not come then."""
    async with asyncio.timeout(STALL_SECONDS if stall_seconds is None else stall_seconds):
        try:
            chunk = await anext(chunks)
        except StopAsyncIteration:
            raise Stalled from None
    if not chunk:
        raise Stalled
    return chunk
