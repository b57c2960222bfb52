"""Tests of writing and reading many rows."""
