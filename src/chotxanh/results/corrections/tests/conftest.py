"""Fixtures of these tests."""

from tests.stage import declared, keys_of_the_tests, own_keys, stage

__all__ = ["declared", "keys_of_the_tests", "own_keys", "stage"]
