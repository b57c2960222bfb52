"""Fixtures of these tests."""

from tests.stage import keys_of_the_tests, own_keys, stage

__all__ = ["keys_of_the_tests", "own_keys", "stage"]
