"""What a person pasted, or a keyboard scanner typed, into the verify page: a certificate's text or a clear problem."""

from chotxanh.domain.codes import parse_code, parse_command
from chotxanh.domain.problems import Problem

PREFIX = "HC1:"
LONGEST_TEXT = 4296  # characters that a QR code holds at most in alphanumeric mode


def certificate_text(pasted: str) -> str:
    """The certificate's text as scanned, untouched but for the line ends and blanks before it.

    A damaged text is refused and never repaired: a guess could turn one certificate into another. Problems:
    `certificate_missing`, `certificate_too_long`, `certificate_damaged_by_typing`, `certificate_is_own_code`,
    `certificate_unreadable`.
    """
    text = pasted.strip("\r\n\t\0\ufeff").lstrip()
    if not text.strip():
        raise Problem("certificate_missing")
    if len(text) > LONGEST_TEXT:
        raise Problem("certificate_too_long", longest=LONGEST_TEXT)
    if text.startswith(PREFIX) and text.isascii():
        return text
    if text[:2].upper() == "HC" or not text.isascii():
        raise Problem("certificate_damaged_by_typing")
    if parse_code(text) is not None or parse_command(text) is not None:
        raise Problem("certificate_is_own_code")
    raise Problem("certificate_unreadable")
