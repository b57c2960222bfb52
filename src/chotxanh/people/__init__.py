"""Registrations of people, found by blind indexes."""
