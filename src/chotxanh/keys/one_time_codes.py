"""One-time codes of an authenticator (RFC 6238): six digits from a shared secret, another every half minute."""

import hmac
from datetime import datetime
from urllib.parse import quote

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
STEPS_ASTRAY = 1  # a phone's clock may be so many steps before or behind, and typing takes time
DIGITS = 6


def new_secret() -> str:
    """Return a secret of 160 bits in base32, as authenticators read it (RFC 4226 section 4 asks for as many)."""
    return random_base32(32)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of half a minute whose code this is, near `now` (UTC); None for a wrong one.

    A step that was used once must not be taken again (RFC 6238 section 5.2): the caller keeps it.
    """
    generator, here = TOTP(secret, digits=DIGITS), int(now.timestamp()) // STEP_SECONDS
    matching = [
        step
        for step in range(here - STEPS_ASTRAY, here + STEPS_ASTRAY + 1)
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode())
    ]
    return max(matching, default=None)


def code_at(secret: str, now: datetime) -> str:
    """Return the code that an authenticator shows at `now` (UTC)."""
    return TOTP(secret, digits=DIGITS).at(now)


def enrolment_address(secret: str, account: str, issuer: str) -> str:
    """Return what an authenticator reads from a QR code: `otpauth://totp/issuer:account?secret=...`."""
    who = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{who}?secret={secret}&issuer={quote(issuer)}"
