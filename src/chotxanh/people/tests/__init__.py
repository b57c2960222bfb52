"""Tests of the floor people."""
