"""Migrations of the rules."""
