"""Registers of codes: categories, classes and reasons, with their words."""
