"""What tests of the measurements may ask for: the demonstration in an empty database, and a desk at work in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from benchmarks.in_process import Application
from benchmarks.operating import Desk
from chotxanh.registers.devices.node import enrol_node
from chotxanh.site.scenario import lay_out_scenario
from tests.stage import keys_of_the_tests, own_keys

__all__ = ["keys_of_the_tests", "own_keys"]


@pytest.fixture
def desk(db: None, own_keys: Path) -> Iterator[Desk]:
    """A station at work that talks to the application in this process."""
    lay_out_scenario(timezone.now())
    enrol_node(timezone.now())
    for end in (
        request_started,
        request_finished,
    ):  # they would close the connection that the test rolls back
        end.disconnect(close_old_connections)
    yield Desk(Application(None))
    for end in (request_started, request_finished):
        end.connect(close_old_connections)
