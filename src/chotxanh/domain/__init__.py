"""What is true without a computer: no Django, no I/O, no clock, no randomness."""
