"""Fixtures of these tests."""

import pytest

from chotxanh.certificates.tests.enacting import certify
from tests.stage import Stage, declared, keys_of_the_tests, own_keys, stage

__all__ = ["certified", "declared", "keys_of_the_tests", "own_keys", "stage"]


@pytest.fixture
def certified(declared: Stage) -> Stage:
    """The driver with a certificate of the morning."""
    certify(declared)
    return declared
