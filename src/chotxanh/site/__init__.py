"""The shell: addresses and pages that compose features."""
