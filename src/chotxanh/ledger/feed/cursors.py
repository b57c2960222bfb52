"""The cursor: how far a station has read, as a text that only this node can make up (docs/protocol.md)."""

import hmac
from dataclasses import dataclass

from django.conf import settings

from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.problems import Problem

MOST_DIGITS = 18
LONGEST_CURSOR = 80
SEAL_BYTES = 9
BEGINNING = ("", "0")


@dataclass(frozen=True)
class Cursor:
    """A position in one life of the feed, and the seal it came with."""

    epoch: str
    position: int
    seal: str = ""

    def is_ours(self) -> bool:
        """Say whether this node gave it out."""
        return hmac.compare_digest(self.seal.encode(), _seal(self.epoch, self.position).encode())


def write_cursor(epoch: str, position: int) -> str:
    """Return `<epoch>.<position>.<seal>`.

    The seal is what makes a position above the last one a proof that this database is older than its stations.
    """
    return f"{epoch}.{position}.{_seal(epoch, position)}"


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor, None where reading begins. Raises Problem("cursor_invalid")."""
    if text in BEGINNING:
        return None
    epoch, _, rest = text.partition(".")
    digits, _, seal = rest.partition(".")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    if len(text) > LONGEST_CURSOR or not (epoch and is_number):
        raise Problem("cursor_invalid")
    return Cursor(epoch, int(digits), seal)


def _seal(epoch: str, position: int) -> str:
    content = f"feed\x00{epoch}\x00{position}".encode()
    return to_base64url(hmac.digest(settings.SECRET_KEY.encode(), content, "sha256")[:SEAL_BYTES])
