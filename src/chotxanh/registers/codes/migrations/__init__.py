"""Migrations of the codes register."""
