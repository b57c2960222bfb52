"""Texts that the department has published to the people whose data it takes."""
