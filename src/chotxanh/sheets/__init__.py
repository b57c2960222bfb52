"""Sheets that people fill in elsewhere: read behind a guard, in a process apart; templates and answers written."""
