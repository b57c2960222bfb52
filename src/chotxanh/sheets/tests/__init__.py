"""Tests of sheets; hostile ones are made here."""
