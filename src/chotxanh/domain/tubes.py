"""Tube barcodes of any supplier: opaque, cleaned of what scanners add, never given a meaning."""

import re

LONGEST_BARCODE = 40
_AIM_PREFIX = re.compile(r"\A\][A-Za-z][0-9A-Fa-f]")
# Spelt out because white space and unassigned characters differ between languages and their versions.
_UNSEEN = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BLANKS = re.compile("[\t-\r \xa0]+")
_ENDS = "".join(map(chr, range(0x21))) + "\x7f"
# Within a barcode a group separator ends a field of variable length (GS1): without it two barcodes would be one.
_BARCODE = re.compile("[\x1d\x20-\x7e]+")


def normalise_tube(text: str) -> str | None:
    """Return the barcode in upper case, without AIM prefix and without controls or blanks at its ends.

    None if nothing or too much is left, or anything but ASCII: no label has it, and its capitals are other letters (ß
    becomes SS). Leading zeros stay: they are part of the label.
    """
    bare = _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip(_ENDS)
    bare = _AIM_PREFIX.sub("", bare).strip(_ENDS)
    return bare.upper() if _BARCODE.fullmatch(bare) and len(bare) <= LONGEST_BARCODE else None


def tube_key(facility: str, barcode: str) -> str:
    """Name a tube: stickers of two suppliers can collide, so the facility belongs to the name."""
    return f"{facility}/{barcode}"
