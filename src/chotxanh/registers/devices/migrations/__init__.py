"""Migrations of the devices floor."""
