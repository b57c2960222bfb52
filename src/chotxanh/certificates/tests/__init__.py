"""Tests of the floor certificates."""
