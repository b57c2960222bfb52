"""Tests of the floor forms."""
