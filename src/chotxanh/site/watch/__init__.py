"""Seen from outside: requests counted and logged, figures for monitors, a deployment looked at; never a person."""
