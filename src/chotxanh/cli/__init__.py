"""The command line: one door to everything, run by the launcher inside its environment."""
