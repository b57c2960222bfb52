"""Tube barcodes of any supplier: opaque, cleaned of what scanners add, never given a meaning."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

LONGEST_BARCODE = 40
# A sampling later than this after the first one of a tube is of another tube under the same barcode.
ONE_TUBE_FOR = timedelta(days=30)
# No barcode holds a small letter, so no barcode ends like this.
_FILLING = re.compile(r"/n([1-9][0-9]*)\Z")
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


class TubeName(NamedTuple):
    """A tube by its name: whose it is, its barcode, and which of the tubes of that barcode, from 1 on."""

    facility: str
    barcode: str
    filling: int = 1

    @property
    def key(self) -> str:
        """The name as one text."""
        return tube_key(self.facility, self.barcode, self.filling)


def tube_key(facility: str, barcode: str, filling: int = 1) -> str:
    """Name a tube: stickers of two suppliers can collide, so the facility that collected it belongs to the name.

    `filling` counts the tubes of one barcode: a later one is another tube.
    """
    key = f"{facility}/{barcode}"
    return key if filling == 1 else f"{key}/n{filling}"


def tube_named(key: str) -> TubeName:
    """Take a tube's name apart."""
    facility, _, rest = key.partition("/")
    found = _FILLING.search(rest)
    return TubeName(facility, rest[: found.start()], int(found[1])) if found else TubeName(facility, rest)


def key_written(facility: str, text: str) -> str | None:
    """Return the key of a tube as a page of the office writes it: its barcode, and which of its tubes. None if none."""
    name = tube_named(f"{facility}/{text}")
    barcode = normalise_tube(name.barcode)
    return tube_key(facility, barcode, name.filling) if barcode else None


def keys_of_fillings(key: str, count: int) -> list[str]:
    """Return the names of the first `count` tubes of a barcode, at least the first; `key` is any of them."""
    facility, barcode, _ = tube_named(key)
    return [tube_key(facility, barcode, filling) for filling in range(1, max(count, 1) + 1)]


def starts_of_fillings(times: Sequence[datetime]) -> list[datetime]:
    """Return when each tube of one barcode was first filled, by the times (UTC, ordered) of its samplings."""
    starts: list[datetime] = []
    for time in times:
        if not starts or time - starts[-1] > ONE_TUBE_FOR:
            starts.append(time)
    return starts


def filling_at(starts: Sequence[datetime], at: datetime) -> int:
    """Return of which tube of a barcode something was done at `at` (UTC): the latest filled by then, or the first."""
    return max(1, sum(start <= at for start in starts))
