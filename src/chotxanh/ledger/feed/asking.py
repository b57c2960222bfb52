"""Who asks, and where the feed stands, in one statement: what a poll that finds nothing new costs is this."""

from datetime import datetime

from chotxanh.ledger.feed.head import COLUMNS, Head, feed_head, head_of
from chotxanh.registers.devices.sessions import SESSION, OpenSession, open_session, session_values
from chotxanh.storage.statements import ask

# A database that has no head yet still has its sessions.
_HEAD = "LEFT JOIN ledger_feedhead AS head ON head.id = 1"
_ASKED = f"SELECT asked.*, {COLUMNS} FROM ({SESSION}) AS asked {_HEAD}"  # noqa: S608 -- constants
_OF_SESSION = 7


def session_and_head(token: str, now: datetime) -> tuple[OpenSession, Head]:
    """Return who is behind a bearer token, and the feed's head. Raises Problem: `session_over`, `device_revoked`."""
    rows = ask(_ASKED, session_values(token, now))
    session = open_session(rows)
    of_head = rows[0][_OF_SESSION:]
    return session, head_of(of_head) if of_head[0] is not None else feed_head()
