"""Checkpoints and their lanes."""
