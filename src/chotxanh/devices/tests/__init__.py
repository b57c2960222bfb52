"""Tests of the floor devices."""
