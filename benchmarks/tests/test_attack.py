"""The attack is what it says: so many, from so many addresses, with pictures that are heavy and allowed."""

import asyncio
import io
from typing import Literal

import pytest
from PIL import Image

from benchmarks import attackers, noticing
from benchmarks.askers import Answered
from benchmarks.attackers import ADDRESSES, SIDE, Attack, Strangers
from benchmarks.station import ProtocolBroken
from chotxanh.pictures.reading import MOST_PIXELS_WHOLE
from chotxanh.protocol.bodies import longest_body


def test_the_pictures_are_as_heavy_as_the_server_takes_them() -> None:
    assert 0.9 * MOST_PIXELS_WHOLE < SIDE * SIDE <= MOST_PIXELS_WHOLE
    pictures = attackers._pictures()
    opened = [Image.open(io.BytesIO(picture)) for picture in pictures]
    assert [picture.mode for picture in opened] == ["L", "RGBA", "CMYK"]
    assert "progressive" in opened[-1].info, "in several scans it is unpacked whole"
    assert {picture.size for picture in opened} == {(SIDE, SIDE)}
    assert all(len(picture) < longest_body("/verify") for picture in pictures)


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


@pytest.mark.parametrize(("floods", "wanted"), [("pages", attackers.PAGES), ("api", attackers.READS)])
def test_a_flood_asks_for_what_it_says_and_only_that(
    floods: Literal["pages", "api"], wanted: tuple[str, ...]
) -> None:
    seen, is_whole = set[str](), asyncio.Event()

    class Asking(Strangers):
        async def _ask(
            self, number: int, method: str, path: str, body: bytes, headers: dict[str, str]
        ) -> tuple[str, str, bytes]:
            seen.add(path)
            if seen >= set(wanted):
                is_whole.set()
            return "200", "", b""

    async def flood() -> None:
        flooding = asyncio.create_task(Asking(Attack(0, 60, floods)).attack())
        await is_whole.wait()
        flooding.cancel()

    asyncio.run(flood())
    assert seen - set(wanted) <= {"/api/v1/entries"}


def test_what_was_refused_at_once_makes_nothing_look_fast() -> None:
    felt = noticing.Felt()
    felt.take_forms([Answered("form", 900.0, ""), Answered("form", 1.0, "answered with 503")])
    felt.take_batch(700.0, 200)
    felt.take_batch(1.0, 503)
    assert (felt.forms, felt.batches) == ([900.0], [700.0])
    assert felt.refused_share == 0.5


def test_without_an_attack_nothing_may_be_refused() -> None:
    felt = noticing.Felt()
    felt.take_batch(1.0, 503)
    with pytest.raises(ProtocolBroken):
        noticing.check_calm(felt)
