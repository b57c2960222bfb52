"""Finds a port for a server of one's own."""

import socket


def free_port() -> int:
    """Ask the system for a port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
