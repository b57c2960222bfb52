"""Migrations of the kits register."""
