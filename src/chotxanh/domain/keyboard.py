"""What a Vietnamese keyboard does to a scan: the key-for-key layout, undone or refused, and input methods.

A scanner types like a keyboard. The layout "Vietnamese" turns the digit row into letters and marks one by one: the
raw sequence can be turned back, but text that was normalised cannot, for 9 and its neighbours 5 to 8 change places.
"""

import re
import unicodedata

_KEYS = dict(zip("ăâêô\u0300\u0309\u0303\u0301\u0323đ₫ươ", "1234567890=[]", strict=True))
_CAPITALS = re.compile("[ĂÂÊÔĐƯƠ]")
_UNDO = str.maketrans(_KEYS | {letter.upper(): key for letter, key in _KEYS.items()})
_MARK_OF_9 = "\u0323"
_MARKS_OF_5_TO_8 = "\u0300\u0309\u0303\u0301"
_REORDERED = re.compile(f"{_MARK_OF_9}[{_MARKS_OF_5_TO_8}]")
_TELEX_OR_VNI = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


def undo_layout(text: str) -> str | None:
    """`text` as the keys that were pressed, None unless every character fits the layout.

    A digit, or a letter the layout does not have, means it was not on. Marks in the order that normalisation gives
    them may have been swapped by it: such text is refused unless something in it shows that it never was normalised.
    """
    keys = text.translate(_UNDO)
    if keys == text or not keys.isascii() or re.search(r"[0-9=[\]]", text):
        return None
    is_raw = unicodedata.normalize("NFC", text) != text and unicodedata.normalize("NFD", text) != text
    return keys if is_raw or not _REORDERED.search(text) else None


def has_shifted_keys(text: str) -> bool:
    """Whether a capital of the layout is there: 1 with Caps Lock or ! with Shift, so no digit for certain."""
    return _CAPITALS.search(text) is not None


def shows_layout(text: str) -> bool:
    """Whether loose tone marks stand where no letter takes them, as only the layout writes them."""
    return re.search(f"(?:^|[^a-zăâêôơưđ])[{_MARKS_OF_5_TO_8}{_MARK_OF_9}₫]", text.lower()) is not None


def shows_input_method(text: str) -> bool:
    """Whether machine-made text holds a Vietnamese letter, as Telex and VNI leave them."""
    return _TELEX_OR_VNI.search(unicodedata.normalize("NFC", text).lower()) is not None


def without_marks(text: str) -> str:
    """`text` with the letters that the marks were put on, đ as d."""
    decomposed = unicodedata.normalize("NFD", text).translate({ord("đ"): "d", ord("Đ"): "D"})
    return re.sub("[\u0300-\u036f]", "", decomposed)
