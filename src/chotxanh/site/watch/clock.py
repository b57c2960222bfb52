"""How far this machine's clock is from a stated time server's (SNTP, RFC 4330)."""

import socket
import struct
import time
from dataclasses import dataclass

from django.conf import settings

PORT, PACKET_BYTES = 123, 48
WITHIN_SECONDS = 1.0
# Who asks a time server more often is a burden to it.
ASK_AGAIN_SECONDS = 300.0
_REQUEST = bytes((0x23,)) + bytes(PACKET_BYTES - 1)  # version 4, client
_EPOCH = 2_208_988_800  # seconds from 1900 to 1970


@dataclass
class _Answer:
    """What was found last: seconds that the server is ahead, None where it did not answer."""

    asked_at: float = float("-inf")
    offset: float | None = None


_last = _Answer()


def clock_offset() -> float | None:
    """Return by how many seconds the stated server is ahead; None where none is stated or it does not answer."""
    if not settings.TIME_SERVER:
        return None
    now = time.monotonic()
    if now - _last.asked_at >= ASK_AGAIN_SECONDS:
        _last.asked_at, _last.offset = now, ask_time_server(settings.TIME_SERVER)
    return _last.offset


def ask_time_server(name: str) -> float | None:
    """Ask `name` or `name:port` once; return by how many seconds it is ahead, None where it does not answer."""
    host, _, port = name.partition(":")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(WITHIN_SECONDS)
            line.connect((host, int(port or PORT)))
            sent = time.time()
            line.send(_REQUEST)
            answer = line.recv(PACKET_BYTES)
            received = time.time()
    except (OSError, ValueError):
        return None
    if len(answer) < PACKET_BYTES or answer[1] == 0:  # stratum 0: it tells us to go away
        return None
    heard, answered = _seconds(answer[32:40]), _seconds(answer[40:48])
    return ((heard - sent) + (answered - received)) / 2


def _seconds(stamp: bytes) -> float:
    whole, fraction = struct.unpack(">II", stamp)
    return float(whole - _EPOCH + fraction / 2**32)
