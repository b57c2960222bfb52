"""Random and mutated texts: what scanners, keyboards, input methods and bad luck make of real ones."""

import random
import unicodedata
from collections.abc import Sequence

LAYOUT = str.maketrans(dict(zip("1234567890=[]", "ăâêô\u0300\u0309\u0303\u0301\u0323đ₫ươ", strict=True)))
CONTROLS = "\x00\x02\x03\x04\x08\t\n\r\x1d\x1e\x7f\x85\u00a0\u00ad\u200b\u200e\u2028\u2060\u3000\ufeff"
# Letters whose case, width or class is not the same in every language's library.
DIFFICULT = "ſKİıßŉﬁǅÐðĐđΣςµªº²½٣१ⅣꙮᏸՕｱＡ\ud800\udfff\ufffd😀👩\u200d🔬ກຂ粤港"
VIETNAMESE = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵĂÂĐÊÔƠƯẢẠ"
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323\u0340\u0344"
ASCII = "".join(map(chr, range(32, 127)))
POOLS = (
    "0123456789",
    "0123456789BCFGHJKLMNPQRSTVXZ",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
    "0123456789|/-<",
    "ABCDEFGHKLMNPSTUVXYZ0123456789-. ",
    "ăâêô\u0300\u0309\u0303\u0301\u0323đ₫ươĂÂÊÔĐ",
    ASCII,
    VIETNAMESE + ASCII,
    MARKS + VIETNAMESE,
    CONTROLS + "0123456789AB",
    DIFFICULT + "0123456789",
)
LONGEST_DRAWN = 60
MOST_MUTATIONS = 4


def drawn(source: random.Random) -> str:
    """A text of one kind of characters, or of any."""
    length = source.randrange(LONGEST_DRAWN)
    if source.random() < 0.1:
        return _sound("".join(_any_character(source) for _ in range(length)))
    return _sound("".join(source.choices(source.choice(POOLS), k=length)))


def mutated(text: str, source: random.Random) -> str:
    """`text` with a few things done to it, or now and then none."""
    for _ in range(source.randrange(MOST_MUTATIONS + 1)):
        text = source.choice(_MUTATIONS)(text, source)
    return _sound(text)


def _any_character(source: random.Random) -> str:
    while True:
        character = chr(
            source.choice((source.randrange(0x300), source.randrange(0x3000), source.randrange(0x110000)))
        )
        if unicodedata.category(character) not in ("Cn", "Cs", "Co"):
            return character


def _sound(text: str) -> str:
    """Without two half characters that other languages would take for one whole."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _place(text: str, source: random.Random) -> int:
    return source.randrange(len(text) + 1)


def _delete(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] + text[place + source.choice((1, 1, 1, 5)) :]


def _insert(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] + source.choice(source.choice((*POOLS, MARKS, CONTROLS))) + text[place:]


def _replace(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] + source.choice(source.choice(POOLS)) + text[place + 1 :]


def _swap(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]


def _cut(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] if source.random() < 0.7 else text[place:]


def _repeat(text: str, source: random.Random) -> str:
    begin, end = sorted((_place(text, source), _place(text, source)))
    return (text[:end] + text[begin:])[:40_000]


def _change_case(text: str, source: random.Random) -> str:
    return source.choice((text.lower(), text.upper(), text.swapcase()))


def _normalise(text: str, source: random.Random) -> str:
    return unicodedata.normalize("NFC" if source.random() < 0.5 else "NFD", text)


def _wrap(text: str, source: random.Random) -> str:
    before, after = source.choice(("]C0", "]Q1", "]d2", "\x02", "", " ", "\u00a0")), source.choice(CONTROLS)
    return f"{before}{text}{after}"


def _type_by_layout(text: str, source: random.Random) -> str:
    typed = text.translate(LAYOUT)
    return typed.upper() if source.random() < 0.2 else typed


def _change_field(text: str, source: random.Random) -> str:
    parts: Sequence[str] = text.split("|")
    place = source.randrange(len(parts))
    changed = source.choice(
        ("", "0", "1990", "31021990", "1990-02-29", "Nữ", "12/13/2020", "a" * 400, parts[place] * 2)
    )
    return "|".join([*parts[:place], changed, *parts[place + 1 :]])


_MUTATIONS = (
    _delete, _insert, _replace, _swap, _cut, _repeat, _change_case, _normalise, _wrap, _type_by_layout, _change_field,
)  # fmt: skip
