"""Migrations of the places floor."""
