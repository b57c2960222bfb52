"""Migrations of the vehicles floor."""
