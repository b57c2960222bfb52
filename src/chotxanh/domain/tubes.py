"""Tube barcodes of any supplier: opaque, cleaned of what scanners add, never given a meaning."""

import re
import unicodedata

LONGEST_BARCODE = 40
_AIM_PREFIX = re.compile(r"\A\][A-Za-z][0-9A-Fa-f]")
_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")


def normalise_tube(text: str) -> str | None:
    """Return the barcode in NFC and upper case, without AIM prefix, control characters or blanks at its ends.

    None if nothing or too much is left. Leading zeros stay: they are part of the label.
    """
    printable = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character)[0] != "C"
    )
    plain = _BLANKS.sub(" ", printable).strip()
    plain = _AIM_PREFIX.sub("", plain).strip().upper()
    return plain if 0 < len(plain) <= LONGEST_BARCODE else None


def tube_key(facility: str, barcode: str) -> str:
    """Name a tube: stickers of two suppliers can collide, so the facility belongs to the name."""
    return f"{facility}/{barcode}"
