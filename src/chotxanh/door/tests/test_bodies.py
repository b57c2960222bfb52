"""C2: a body comes whole and in time, or nobody waits for it."""

import asyncio

import pytest

from chotxanh.door import bodies
from chotxanh.door.bodies import IN_MEMORY_BYTES, Stalled, drain, take_in

SOON = 0.01


class Sender:
    """Sends these chunks; what is None never comes."""

    def __init__(self, *chunks: bytes | None) -> None:
        self._chunks = list(chunks)

    def __aiter__(self) -> "Sender":
        return self

    async def __anext__(self) -> bytes:
        """Send the next chunk."""
        if not self._chunks:
            raise StopAsyncIteration
        chunk = self._chunks.pop(0)
        if chunk is None:
            await asyncio.Event().wait()
            raise AssertionError
        return chunk


def taken(length: int, *chunks: bytes | None) -> bytes:
    async def take() -> bytes:
        with await take_in(Sender(*chunks), length, SOON) as body:
            return body.read()

    return asyncio.run(take())


def test_a_body_is_taken_in_whole() -> None:
    assert taken(6, b"one", b"two") == b"onetwo"


def test_a_long_body_waits_on_the_disk_and_is_the_same() -> None:
    parts = [bytes([number]) * IN_MEMORY_BYTES for number in range(3)]
    assert taken(3 * IN_MEMORY_BYTES, *parts) == b"".join(parts)


@pytest.mark.parametrize("chunks", [(None,), (b"one", None)])
def test_c2_a_body_that_stalls_is_ended(chunks: tuple[bytes | None, ...]) -> None:
    with pytest.raises(Stalled):
        taken(6, *chunks)


@pytest.mark.parametrize("chunks", [(), (b"one",), (b"one", b"")])
def test_a_body_that_breaks_off_is_never_taken_for_a_whole_one(chunks: tuple[bytes, ...]) -> None:
    with pytest.raises(Stalled):
        taken(6, *chunks)


@pytest.mark.parametrize("chunks", [(b"one", b"two"), (b"one", None)])
def test_what_is_too_long_is_read_away_and_never_waited_for(chunks: tuple[bytes | None, ...]) -> None:
    asyncio.run(drain(Sender(*chunks), SOON))


def test_of_what_is_too_long_only_so_much_is_read_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LONGEST_DRAINED_BYTES", 5)
    sender = Sender(b"one", b"two", b"three", b"four")
    asyncio.run(drain(sender, SOON))
    assert asyncio.run(sender.__anext__()) == b"three"
