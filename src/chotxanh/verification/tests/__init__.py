"""Tests of the floor verification."""
