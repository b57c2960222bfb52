"""Migrations of the results floor."""
