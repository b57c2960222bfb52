"""Tests of the floor beside."""
