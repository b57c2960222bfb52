"""Vehicles by class and plate."""
