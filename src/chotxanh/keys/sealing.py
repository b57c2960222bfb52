"""Seals what identifies people (AES-256-GCM) and makes the keyed blind indexes by which it is found again."""

import hashlib
import hmac
import logging
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chotxanh.keys.ring import key_ring

NONCE_BYTES = 12
INDEX_BYTES = 16
HEADER_BYTES = 2
logger = logging.getLogger("chotxanh.keys")


class SealBroken(Exception):
    """The sealed bytes were altered, moved to another row, or their key is not on the ring."""


def seal(plain: bytes, context: bytes) -> bytes:
    """Seal `plain` for the place `context` (bound as associated data, so that it cannot be moved elsewhere).

    Returns key number (2 bytes) + nonce (12) + AES-256-GCM ciphertext with tag (NIST SP 800-38D).
    """
    ring = key_ring()
    nonce, cipher = os.urandom(NONCE_BYTES), _cipher_of(ring.seals[ring.active])
    return ring.active.to_bytes(HEADER_BYTES, "big") + nonce + cipher.encrypt(nonce, plain, context)


def unseal(sealed: bytes, context: bytes) -> bytes:
    """Return the plain bytes. Raises SealBroken."""
    nonce = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    try:
        cipher = _cipher_of(key_ring().seals[seal_number(sealed)])
        return cipher.decrypt(nonce, sealed[HEADER_BYTES + NONCE_BYTES :], context)
    except (InvalidTag, KeyError, ValueError) as broken:
        raise SealBroken from broken


def unsealed(sealed: bytes | memoryview | None, context: bytes) -> bytes | None:
    """Return the plain bytes to show; None where nothing is sealed, or what is cannot be opened.

    One broken row shows no name and stops no list; it is logged by its digest.
    """
    if sealed is None:
        return None
    try:
        return unseal(bytes(sealed), context)
    except SealBroken:
        logger.error("a seal is broken: %s", hashlib.sha256(sealed).hexdigest()[:16])
        return None


def seal_number(sealed: bytes) -> int:
    """Return the number of the key that sealed these bytes."""
    return int.from_bytes(sealed[:HEADER_BYTES], "big")


def blind_index(purpose: str, value: str) -> bytes:
    """Return 16 bytes that find `value` again without telling it: HMAC-SHA-256 under the ring's key, cut.

    `purpose` (`phone`, `id_number`, ...) keeps equal values of different fields apart.
    """
    return hmac.digest(key_ring().blind, f"{purpose}\x00{value}".encode(), "sha256")[:INDEX_BYTES]


@cache
def _cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)
