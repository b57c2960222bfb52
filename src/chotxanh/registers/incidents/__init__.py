"""Incidents of personal data, and the 72 hours within which the authority is told."""
