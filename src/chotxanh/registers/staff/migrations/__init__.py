"""Migrations of the staff floor."""
