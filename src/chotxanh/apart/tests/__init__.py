"""Tests of what is opened apart."""
