"""Migrations of the declarations floor."""
