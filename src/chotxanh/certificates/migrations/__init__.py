"""Migrations of the certificates floor."""
