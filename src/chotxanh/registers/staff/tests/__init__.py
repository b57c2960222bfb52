"""Tests of the floor staff."""
