"""Tests of the floor specimens."""
