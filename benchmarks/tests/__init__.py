"""Tests of the synthetic campaign and of the replay itself."""
