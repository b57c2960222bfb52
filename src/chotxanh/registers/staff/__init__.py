"""Accounts of members of staff and what they are granted."""
