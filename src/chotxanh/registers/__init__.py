"""Dated entries of the office about who and what may: facilities, posts, staff, devices."""
