"""Looks whether an idle connection was ended by the server, without asking it: a trip would cost a page dear."""

import select
from typing import Any

import psycopg


def has_said_something(connection: "psycopg.Connection[Any]") -> bool:
    """Say whether anything waits to be read on an idle connection: nearly always that the server has closed it."""
    if connection.closed:
        return True
    number = connection.fileno()
    if hasattr(select, "poll"):
        waiting = select.poll()
        waiting.register(number, select.POLLIN)
        return bool(waiting.poll(0))
    return bool(select.select([number], [], [], 0)[0])
