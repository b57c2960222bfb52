"""The text of an entry that was rejected, or whose kind is not known here: it may say anything, so it is sealed."""

from chotxanh.keys.sealing import seal, unsealed
from chotxanh.ledger.models import Entry
from chotxanh.protocol.envelope import Body

# In place of the kind and version that such an entry gives itself: even they may say something.
UNREAD_KIND, UNREAD_VERSION = "unread", 0


def unread_context(entry: bytes) -> bytes:
    """Return what the sealed text of an entry is bound to, given its id as 16 bytes."""
    return entry + b"unread"


def sealed_text(body: Body, text: str) -> bytes:
    """Seal the text of a body for its row."""
    return seal(text.encode(), unread_context(body.id.bytes))


def text_of(entry: Entry) -> str | None:
    """Return the signed text of an entry, unsealing what could not be read; None where it does not open."""
    if entry.unread is None:
        return entry.body
    opened = unsealed(entry.unread, unread_context(entry.id.bytes))
    return opened.decode() if opened is not None else None
