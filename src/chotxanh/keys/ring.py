"""The key ring: the file outside the database that holds the sealing keys and the blind-index key."""

import base64
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from chotxanh.configuration import replace_file, write_once
from chotxanh.keys.faults import KeysMissing

KEY_BYTES = 32
RING_FILE = "ring.json"
_held: ContextVar["KeyRing | None"] = ContextVar("held_key_ring", default=None)


@dataclass(frozen=True)
class KeyRing:
    """`seals` maps a key number to 32 bytes; the highest number seals, every number unseals."""

    seals: dict[int, bytes]
    blind: bytes

    @property
    def active(self) -> int:
        """The number of the key that seals now."""
        return max(self.seals)


def key_ring() -> KeyRing:
    """Return the ring that is held, or else as it is now: another process may have rotated it since.

    Raises KeysMissing.
    """
    return _held.get() or _current()


@contextmanager
def hold_key_ring() -> Iterator[None]:
    """Look once for the ring and hold it while the block runs.

    A batch of fifty declarations asks for it 350 times. Hold it only where nobody can drop a key meanwhile: inside
    a recording transaction.
    """
    token = _held.set(_current())
    try:
        yield
    finally:
        _held.reset(token)


def _current() -> KeyRing:
    name = f"{settings.KEYS_DIRECTORY}/{RING_FILE}"
    try:
        written = os.stat(name)  # noqa: PTH116
    except FileNotFoundError:
        raise KeysMissing(RING_FILE) from None
    return _read(name, (written.st_ino, written.st_mtime_ns))


def ring_file() -> Path:
    """Where the ring lies: readable by its owner alone, never in the database or its dump."""
    return Path(settings.KEYS_DIRECTORY, RING_FILE)


def add_seal_key() -> int:
    """Begin a new sealing key and return its number; older keys stay to unseal what they sealed."""
    ring = key_ring()
    number = ring.active + 1
    seals = {**ring.seals, number: secrets.token_bytes(KEY_BYTES)}
    replace_file(ring_file(), _encode(KeyRing(seals, ring.blind)))
    return number


def drop_seal_keys(before: int) -> None:
    """Forget sealing keys numbered below `before`; call it only once nothing is sealed by them."""
    ring = key_ring()
    seals = {number: key for number, key in ring.seals.items() if number >= before}
    replace_file(ring_file(), _encode(KeyRing(seals, ring.blind)))


def replace_blind_key(blind: bytes) -> None:
    """Begin with a new blind-index key of 32 bytes; every index must then be computed again (`manage rebuild`)."""
    ring = key_ring()
    replace_file(ring_file(), _encode(KeyRing(ring.seals, blind)))


def make_ring() -> None:
    """Make the ring of a new database, unless there is one."""
    file = ring_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_once(file, _encode(KeyRing({1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))))


@lru_cache(maxsize=8)
def _read(name: str, _written: tuple[int, int]) -> KeyRing:
    stored = json.loads(Path(name).read_text(encoding="utf-8"))
    seals = {int(number): base64.b64decode(key) for number, key in stored["seals"].items()}
    return KeyRing(seals, base64.b64decode(stored["blind"]))


def _encode(ring: KeyRing) -> bytes:
    seals = {str(number): base64.b64encode(key).decode() for number, key in ring.seals.items()}
    return json.dumps({"seals": seals, "blind": base64.b64encode(ring.blind).decode()}, indent=1).encode()
