"""What was typed or pasted, without what nobody sees: the first step of whatever reads a form's field.

Chat programs, contact lists and PDF files leave direction marks, joiners and hard blanks in what is copied from them;
East Asian keyboards write digits and signs in full width. Nobody can see them, so nobody could mend them.
"""

import re

# Format characters, fillers, variation selectors and tags; controls other than blanks.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile("[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_FULL_WIDTH = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63"
_SIGNS = {"\u2044": "/", "\u2215": "/", "\u2024": ".", "\u3002": ".", "\uff61": "."}
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}  # of PDF files
_ORDINARY = str.maketrans({**_FULL_WIDTH, **dict.fromkeys(_DASHES, "-"), **_SIGNS, **_LIGATURES})


def without_unseen(text: str) -> str:
    """`text` without what is not seen; blanks and line ends stay."""
    return _UNSEEN.sub("", text)


def plain(text: str) -> str:
    """`text` with ordinary letters, digits, dashes and single blanks, and without what is not seen."""
    if not (text.isascii() and text.isprintable()):
        text = without_unseen(text).translate(_ORDINARY)
    return _BLANKS.sub(" ", text).strip(" ")
