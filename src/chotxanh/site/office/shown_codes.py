"""A code or a one-time password on the screen of who asked for it: for a while and nowhere else, sealed.

It outlives a reload and a change of language, and Back never makes another one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.http import HttpRequest

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.clocks import unix_ms
from chotxanh.keys.sealing import SealBroken, seal, unseal

SHOWN_FOR = timedelta(minutes=10)
KEPT, KEPT_PASSWORD = "shown_code", "shown_password"
_CONTEXT = b"shown-code"


@dataclass(frozen=True)
class ShownCode:
    """The code, for which device it is, and until when it is shown (Unix ms)."""

    name: str
    code: str
    until: int


def show_code(request: HttpRequest, name: str, code: str, now: datetime, kept: str = KEPT) -> None:
    """Show a code to this session for a while, or a one-time password (`KEPT_PASSWORD`)."""
    shown = ShownCode(name, code, unix_ms(now + SHOWN_FOR))
    request.session[kept] = to_base64url(seal(msgspec.json.encode(shown), _CONTEXT))


def shown_code(request: HttpRequest, now: datetime, kept: str = KEPT) -> ShownCode | None:
    """Return the code that is still shown to this session."""
    try:
        sealed = from_base64url(request.session.get(kept, "")) or b""
        shown = msgspec.json.decode(unseal(sealed, _CONTEXT), type=ShownCode)
    except (SealBroken, msgspec.DecodeError):
        return None
    return shown if unix_ms(now) < shown.until else None
