"""Migrations of the ledger floor."""
