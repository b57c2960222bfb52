"""Migrations of what is written while people look."""
