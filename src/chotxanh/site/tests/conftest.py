"""Fixtures of these tests."""

import pytest
from django.test import Client

from tests.stage import Stage, declared, keys_of_the_tests, own_keys, stage, today

__all__ = ["declared", "keys_of_the_tests", "own_keys", "stage", "today"]


@pytest.fixture
def lead(stage: Stage, client: Client) -> Client:
    """The browser of the lead of the whole province, signed in."""
    client.force_login(stage.staff.lead)
    return client
