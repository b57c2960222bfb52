"""How often a declaration on the web goes to the database: once for the door, and then for what others may change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from psycopg.pq.abc import PGresult

from chotxanh.declarations.tests.test_returning import begun, page, send
from chotxanh.declarations.tests.typed import CHOSEN, DRIVER
from chotxanh.storage.line import Line, Noted
from tests.stage import Stage

__all__ = ["page"]

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no line to save trips on"
)


@contextmanager
def trips() -> Iterator[list[int]]:
    """Note how many statements go in each trip of the block."""
    noted: list[int] = []
    together, alone = Line._sent_together, Line._sent_alone

    def note_several(line: Line, unsent: Sequence[Noted]) -> list[PGresult]:
        noted.append(len(unsent))
        return together(line, unsent)

    def note_one(line: Line, unsent: Noted) -> PGresult:
        noted.append(1)
        return alone(line, unsent)

    with (
        patch.object(Line, "_sent_together", note_several),
        patch.object(Line, "_sent_alone", note_one),
    ):
        yield noted


def test_somebody_new_is_recorded_in_five_trips(stage: Stage, client: Client) -> None:
    client.cookies["draft"] = "a-browser-that-keeps-drafts"
    client.post("/declare", DRIVER | {"step": "send"})
    with trips() as noted:
        client.post("/declare", DRIVER | CHOSEN | {"step": "send", "full_name": "Trần Thị Hoa"})
    assert len(noted) == 5


def test_that_places_are_sought_by_their_words_costs_one_more(stage: Stage, client: Client) -> None:
    client.cookies["draft"] = "a-browser-that-keeps-drafts"
    client.post("/declare", DRIVER | {"step": "send"})
    with trips() as noted:
        client.post("/declare", DRIVER | {"step": "send", "full_name": "Trần Thị Hoa"})
    assert len(noted) == 6


def test_a_next_journey_is_recorded_in_four(client: Client, page: str) -> None:
    fields = begun(client, page)
    with trips() as noted:
        send(client, fields)
    assert len(noted) == 4
