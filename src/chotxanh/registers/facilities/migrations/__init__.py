"""Migrations of the facilities floor."""
