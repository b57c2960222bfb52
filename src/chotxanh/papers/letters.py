"""Letters that the typeface of papers lacks: each gives way to what a passport writes for it (ICAO 9303-3)."""

import re
import unicodedata
from typing import Any

from chotxanh.domain.names import transliterate_icao

# What is written in Viet Nam and in the languages of the West: Latin with its marks, and signs of print.
_SHOWN = re.compile(
    "[\\n\\x20-\\x7e\\xa0-\\u017e\\u01a0\\u01a1\\u01af\\u01b0\\u1ea0-\\u1ef9"
    "\\u2013\\u2014\\u2018-\\u201e\\u2022\\u2026]"
)
UNKNOWN = "?"


def plain_letters(value: Any) -> Any:
    """Return the same data with every letter of other scripts replaced; what has no Latin letter becomes `?`.

    `value` is what JSON holds. Its shape and the names of its fields stay as they are.
    """
    if isinstance(value, str):
        return "".join(map(_plain, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {name: plain_letters(each) for name, each in value.items()}
    return [plain_letters(each) for each in value] if isinstance(value, list) else value


def _plain(letter: str) -> str:
    return letter if _SHOWN.fullmatch(letter) else transliterate_icao(letter) or UNKNOWN
