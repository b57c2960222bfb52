"""Tests of the floor vehicles."""
