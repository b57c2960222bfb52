"""Fixtures of these tests."""

from collections.abc import Iterator

import pytest

from chotxanh.ledger.feed import cards
from chotxanh.ledger.feed.tests.things import THING, things
from tests.stage import declared, keys_of_the_tests, own_keys, stage, today

__all__ = ["declared", "invented_kind", "keys_of_the_tests", "own_keys", "stage", "today"]


@pytest.fixture(autouse=True)
def invented_kind(own_keys: object) -> Iterator[None]:
    """Let the feed build things while a test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(cards._builders, THING, things)
        yield
