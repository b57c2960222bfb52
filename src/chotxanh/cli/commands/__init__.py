"""One module a command: its docstring is its summary, `run(arguments)` does it and returns its status."""
