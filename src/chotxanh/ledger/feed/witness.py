"""The witness: a file beside the keys that remembers how far this node had come, so that an older database is noticed.

A backup that is put back knows nothing of what it lost. The file does not lie in the database, nor in its dump.
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings

from chotxanh.configuration import replace_file
from chotxanh.ledger.feed.head import begin_node, feed_head

FILE = "witness.json"
# Each writing goes to the disk; what is lost by waiting is noticed by the stations (docs/protocol.md).
EVERY = timedelta(minutes=1)


class Witness(msgspec.Struct, frozen=True):
    """The node's epoch and the highest position of the feed that was ever written down."""

    node_epoch: str
    position: int


class _Diary:
    """When this process last wrote the witness down."""

    written_at: datetime | None = None


def remember_position(now: datetime) -> None:
    """Write down where the feed stands, at most once a minute (UTC `now`)."""
    if _Diary.written_at is None or not timedelta() <= now - _Diary.written_at < EVERY:
        _Diary.written_at = now
        _write_down()


def notice_restore() -> bool:
    """Compare the database with the witness, and begin a new life of the node if it is older; say whether it was.

    Called when the server starts.
    """
    witness, head = read_witness(), feed_head()
    is_older = witness is not None and (
        head.node_epoch != witness.node_epoch or head.position < witness.position
    )
    if is_older:
        begin_new_life(head.node_epoch)
    else:
        _write_down()
    return is_older


def begin_new_life(ending: str) -> None:
    """Take this node, in the epoch `ending`, for restored: its stations begin anew and send again what they keep."""
    begin_node(ending)
    _write_down()


def read_witness() -> Witness | None:
    """Return what was written down, None where nothing (readable) was."""
    try:
        return msgspec.json.decode(_file().read_bytes(), type=Witness)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _write_down() -> None:
    head = feed_head()
    replace_file(_file(), msgspec.json.encode(Witness(head.node_epoch, head.position)))


def _file() -> Path:
    return Path(settings.KEYS_DIRECTORY, FILE)
