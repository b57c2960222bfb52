"""Migrations of the posts."""
