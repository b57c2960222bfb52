"""CBOR (RFC 8949) read without trust: no cycles, no duplicates, no rest, bounded depth, dates as text."""

import io
from collections.abc import Mapping
from typing import Any, NoReturn

import cbor2

DEEPEST = 16

# Every tag cbor2 would interpret by itself, except tag 0: shared references make cycles, big numbers and
# regular expressions cost time, and nothing in a certificate needs them.
_INTERPRETED_TAGS = (
    1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799,
)  # fmt: skip


def _date_text(text: object, _immutable: object) -> str:
    """Tag 0 marks a text as a date and time; some issuers use it for the time of sampling."""
    if not isinstance(text, str):
        raise ValueError("tag 0 must hold text")
    return text


def _refuse(_tagged: object, _immutable: object) -> NoReturn:
    raise ValueError("tag not allowed")


_KEYS = {int, str}


def _plain_keys(loaded: Mapping[Any, Any], _immutable: object) -> Mapping[Any, Any]:
    """Numbers and texts name everything here; Python alone would take true, 1.0 and 1 for the same key."""
    if not _KEYS.issuperset(map(type, loaded)):
        raise ValueError("a key must be a whole number or text")
    return loaded


_SEMANTIC_DECODERS: dict[int, Any] = {0: _date_text, **dict.fromkeys(_INTERPRETED_TAGS, _refuse)}


def load(data: bytes) -> Any:
    """The one object `data` encodes; tags unknown here come as `cbor2.CBORTag`. Raises ValueError."""
    stream = io.BytesIO(data)
    try:
        decoder = cbor2.CBORDecoder(
            stream,
            max_depth=DEEPEST,
            allow_duplicate_keys=False,
            object_hook=_plain_keys,
            semantic_decoders=_SEMANTIC_DECODERS,
        )
        loaded = decoder.decode()
    except (cbor2.CBORError, RecursionError, OverflowError, MemoryError, TypeError) as error:
        raise ValueError("not CBOR") from error
    if stream.tell() != len(data):
        raise ValueError("bytes after the end")
    return loaded


def byte_string(data: bytes) -> bytes:
    """`data` as a CBOR byte string of definite length, at most 65535 bytes."""
    length = len(data)
    if length < 24:
        return bytes((0x40 | length,)) + data
    if length < 0x100:
        return bytes((0x58, length)) + data
    return b"\x59" + length.to_bytes(2) + data
