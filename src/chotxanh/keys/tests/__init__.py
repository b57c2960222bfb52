"""Tests of the keys floor."""
