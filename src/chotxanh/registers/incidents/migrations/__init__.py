"""Migrations of the duties register."""
