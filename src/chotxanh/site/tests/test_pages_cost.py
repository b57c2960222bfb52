"""What a page costs: its questions go together, and a picture that was drawn is not drawn again."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from chotxanh.site import own_page_papers
from chotxanh.site.tests.test_person_page import OwnPage, own_page, page_of
from chotxanh.storage.line import Line

__all__ = ["own_page"]


@pytest.fixture(autouse=True)
def certified(own_page: OwnPage, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The driver holds a paper that is in force, and no picture of it was drawn yet."""
    monkeypatch.setattr(timezone, "now", lambda: own_page.stage.now)
    own_page.sample("negative")
    own_page_papers._drawn.cache_clear()
    yield
    own_page_papers._drawn.cache_clear()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no line to save trips on")
def test_a_page_asks_twice_whose_it_is_and_all_it_shows(client: Client, own_page: OwnPage) -> None:
    with (
        patch.object(Line, "_sent_alone", autospec=True, side_effect=Line._sent_alone) as alone,
        patch.object(Line, "_sent_together", autospec=True, side_effect=Line._sent_together) as together,
    ):
        page_of(client, own_page)
    assert (alone.call_count, together.call_count) == (0, 2)


def test_the_picture_of_a_paper_is_drawn_once_for_each_language(client: Client, own_page: OwnPage) -> None:
    vietnamese = page_of(client, own_page)
    assert page_of(client, own_page) == vietnamese
    client.cookies["language"] = "en"
    english = page_of(client, own_page)
    drawn = own_page_papers._drawn.cache_info()
    assert (drawn.misses, drawn.hits) == (2, 1)
    assert english.count("data:image/png") == vietnamese.count("data:image/png") == 2
