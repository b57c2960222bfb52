"""Log lines as JSON: what a line is about, and under which request; never whom it is about."""

import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime

import msgspec

REQUEST_ID_BYTES = 4  # eight digits, short enough to be read out
# What a proxy of ours may have called the request.
GIVEN = re.compile(r"\A[A-Za-z0-9._-]{8,64}\Z")
request_id: ContextVar[str] = ContextVar("request_id", default="")
# What of a record is written besides its message; everything else is left out, whoever put it there.
FIELDS = ("view", "method", "status", "milliseconds")


class JsonLines(logging.Formatter):
    """One object a line: `at` (UTC), `level`, `logger`, `message`, `request_id` and the FIELDS that are there.

    Of an exception its type alone is written: its message and its frames could hold a person's data.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        more = {name: vars(record)[name] for name in FIELDS if name in vars(record)}
        return msgspec.json.encode({**line, **more}).decode()


def begin_request(given: str | None) -> str:
    """Give the request its name for what is logged under it; return it."""
    name = name_of_request(given)
    request_id.set(name)
    return name


def name_of_request(given: str | None) -> str:
    """Return what a proxy of ours called the request, or a new name."""
    return given if given is not None and GIVEN.match(given) else secrets.token_hex(REQUEST_ID_BYTES)
