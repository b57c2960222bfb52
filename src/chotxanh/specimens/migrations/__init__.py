"""Migrations of the specimens floor."""
