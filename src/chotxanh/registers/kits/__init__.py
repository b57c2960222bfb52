"""Tests and test kits: how they test, in how large a pool, and when a line may be read."""
