"""Corrections of positives: who signed them, whether the person had been told by then, and what they come to."""
