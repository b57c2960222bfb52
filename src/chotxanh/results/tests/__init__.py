"""Tests of the floor results."""
