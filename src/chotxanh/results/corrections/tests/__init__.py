"""Tests of corrections of positives."""
