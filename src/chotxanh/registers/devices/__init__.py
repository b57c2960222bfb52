"""Stations and this server: enrolment, keys, sessions."""
