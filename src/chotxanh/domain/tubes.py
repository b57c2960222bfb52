"""Tube barcodes of any supplier: opaque, cleaned of what scanners add, never given a meaning."""

import re
import unicodedata

LONGEST_BARCODE = 40
_AIM_PREFIX = re.compile(r"\A\][A-Za-z][0-9A-Fa-f]")
# Spelt out because white space and unassigned characters differ between languages and their versions.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile("[\t-\r \xa0]+")


def normalise_tube(text: str) -> str | None:
    """Return the barcode in NFC and upper case, without AIM prefix, control characters or blanks at its ends.

    None if nothing or too much is left. Leading zeros stay: they are part of the label.
    """
    printable = _UNPRINTABLE.sub("", unicodedata.normalize("NFC", text))
    plain = _BLANKS.sub(" ", printable).strip(" ")
    plain = _AIM_PREFIX.sub("", plain).strip(" ").upper()
    return plain if 0 < len(plain) <= LONGEST_BARCODE else None


def tube_key(facility: str, barcode: str) -> str:
    """Name a tube: stickers of two suppliers can collide, so the facility belongs to the name."""
    return f"{facility}/{barcode}"
