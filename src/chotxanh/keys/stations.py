"""The key under which a station seals its cards while nobody is signed in."""

import hmac
from uuid import UUID

from chotxanh.keys.ring import key_ring


def card_key(device: UUID) -> bytes:
    """Return a device's own 32 bytes, handed out with each sign-in and kept nowhere: HMAC-SHA-256 under the ring's key.

    Whoever holds a station without a sign-in of its officer cannot open what it sealed.
    """
    return hmac.digest(key_ring().blind, b"cards\x00" + device.bytes, "sha256")
