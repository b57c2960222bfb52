"""Tests of the floor ledger."""
