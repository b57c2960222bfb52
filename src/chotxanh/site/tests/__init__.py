"""Tests of the floor site."""
