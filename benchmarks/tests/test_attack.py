"""The attack is what it says: so many, from so many addresses, with pictures that are heavy and allowed."""

import asyncio
import io

from PIL import Image

from benchmarks import attackers
from benchmarks.attackers import ADDRESSES, SIDE, Attack, Strangers
from chotxanh.protocol.bodies import longest_body
from chotxanh.verification.photos import MOST_PIXELS_WHOLE


def test_the_pictures_are_as_heavy_as_the_server_takes_them() -> None:
    picture = attackers._picture()
    assert 0.9 * MOST_PIXELS_WHOLE < SIDE * SIDE <= MOST_PIXELS_WHOLE
    assert Image.open(io.BytesIO(picture)).size == (SIDE, SIDE)
    assert len(picture) < longest_body("/verify")


def test_half_a_request_is_never_a_whole_one() -> None:
    for half in attackers.HALVES:
        head, _, body = half.partition(b"\r\n\r\n")
        assert not body or len(body) < 900
        assert b"Content-Length" in head or not half.endswith(b"\r\n\r\n")


def test_they_come_from_as_many_addresses_as_are_said_and_are_counted() -> None:
    async def attack() -> tuple[set[str], dict[str, dict[str, int]]]:
        seen = set[str]()

        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            seen.add(str(writer.get_extra_info("peername")[0]))
            writer.write(b"HTTP/1.1 503 Busy\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        strangers = Strangers(Attack(server.sockets[0].getsockname()[1], 60))
        for number in range(2 * ADDRESSES):
            status, _, _ = await strangers._ask(number, "GET", "/", b"", {})
            strangers._note("stalled", status)
        server.close()
        return seen, {name: dict(counted) for name, counted in strangers.answered.items()}

    seen, answered = asyncio.run(attack())
    assert len(seen) == ADDRESSES
    assert answered == {"stalled": {"503": 2 * ADDRESSES}}
