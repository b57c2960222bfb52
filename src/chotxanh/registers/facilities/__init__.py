"""Health facilities that sample, test and answer for results."""
