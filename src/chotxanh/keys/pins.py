"""PINs of six digits: what is derived from one, here as at a station (PBKDF2, RFC 8018), and which are no secret."""

import hashlib
import secrets

DIGITS = 6
ITERATIONS = 600_000  # a third of a second of a post's PC: a guess costs as much wherever it is made
SALT_BYTES, KEY_BYTES = 16, 32
_RUN = "01234567890123456789"


def new_salt() -> bytes:
    """Return what makes the same PIN another key for each member."""
    return secrets.token_bytes(SALT_BYTES)


def new_pin() -> str:
    """Return six random digits that nobody would guess first."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not is_weak(pin):
            return pin


def pin_key(pin: str, salt: bytes) -> bytes:
    """Return the 32 bytes that a PIN stands for: PBKDF2 with HMAC-SHA-256."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, ITERATIONS, KEY_BYTES)


def is_pin(typed: str) -> bool:
    """Say whether this is six digits."""
    return len(typed) == DIGITS and typed.isascii() and typed.isdigit()


def is_weak(pin: str) -> bool:
    """Say whether a PIN is among the first that anybody tries: few digits, a run, the same half twice."""
    is_run = pin in _RUN or pin in _RUN[::-1]
    return is_run or len(set(pin)) < 3 or pin[:3] == pin[3:] or pin[:2] * 3 == pin
