"""Vietnamese names: kept as written, folded for search, sorted by given name, masked, transliterated.

`contracts/names.json` holds `fold` and `normalise_name` together with their TypeScript twins.
"""

import re
import unicodedata
from functools import lru_cache

from chotxanh.domain.letters import check_letters
from chotxanh.domain.name_damage import has_lost_letters, is_damaged
from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem

LONGEST_NAME = 100
LONGEST_TRANSLITERATION = 80  # eu-dcc-schema 1.3.3: fnt and gnt
_WORDS_REMEMBERED = 4096

# Spelt out because the notion of white space differs between Python and JavaScript.
_SPACES = re.compile("[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff]"
)
_ORDINARY_NAME = re.compile("[A-Za-zÀ-ÖØ-öø-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ .'-]+")
_APOSTROPHES = re.compile("['`\u00b4\u02b9-\u02bc\u02c8\u2018\u2019\u201b\u2032\uff07]")
_MARKS_OFF_BY_HAND = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D"})

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # level, grave, hook, tilde, acute, dot below
_LETTER_MARKS = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter, not another tone

# ICAO 9303-3 (8th edition), section 6: national characters that do not simply lose their marks.
_ICAO_LETTERS = str.maketrans({
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Ü": "UE", "ẞ": "SS", "ß": "SS",
    "Þ": "TH", "Đ": "D", "Ð": "D", "Ɖ": "D", "Ħ": "H", "I": "I", "İ": "I", "Ĳ": "IJ", "Ł": "L", "Ŋ": "N", "Ŧ": "T",
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH", "З": "Z", "И": "I",
    "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T",
    "У": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y",
    "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA", "І": "I", "Ї": "I", "Є": "IE", "Ґ": "G",
    "Ƀ": "B", "Ɓ": "B", "Ɗ": "D", "Ə": "E", "Ɨ": "I", "Ƙ": "K", "Ɠ": "G", "Ƴ": "Y", "Ʉ": "U",
    " ": "<", "-": "<", "\u2010": "<", "\u2011": "<", "\u2013": "<",
})  # fmt: skip
_NOT_ICAO = bytes(set(range(128)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))

NameKey = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def normalise_name(text: str) -> str:
    """`text` as a name is kept: NFC, invisible characters removed, single spaces, trimmed; case as is."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")  # most are so, and asking is far quicker than replacing
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", composed).strip(" ")


def parse_name(text: str) -> str:
    """The normalised name a person entered, in the Latin letters of their paper.

    Problems: `name_missing`, `name_too_long`, `name_letters_lost`, `name_legacy_encoding`, `name_not_latin`,
    `name_look_alike`, `name_invalid_characters`.
    """
    typed = text[: 4 * LONGEST_NAME]
    name = normalise_name(plain(typed))
    if not any(character.isalpha() for character in name) and not name.strip(" .-'"):
        raise Problem("name_missing")
    if len(name) > LONGEST_NAME:
        raise Problem("name_too_long", longest=LONGEST_NAME)
    if has_lost_letters(name):
        raise Problem("name_letters_lost")
    if is_damaged(typed):
        raise Problem("name_legacy_encoding")
    if not _ORDINARY_NAME.fullmatch(name):
        check_letters(name)
    return name


def fold(text: str) -> str:
    """`text` for search: lower case, đ and its likes (ð, ɖ) to d, marks and apostrophes off, single spaces.

    Both tone placements (hoà, hòa) fold alike; so do Hoa and Hòa, two names that one search finds.
    """
    lowered = unicodedata.normalize("NFD", _INVISIBLE.sub("", text)).lower()
    decomposed = unicodedata.normalize("NFD", lowered)
    bare = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    return _SPACES.sub(" ", _APOSTROPHES.sub("", bare.translate(_MARKS_OFF_BY_HAND))).strip(" ")


def split_name(full_name: str) -> tuple[str, str]:
    """(family name, middle and given names): the first word and the rest.

    A name of one word is its own primary identifier (ICAO 9303-3, 4.6) and gives an empty second part.
    """
    family, _, given = normalise_name(full_name).partition(" ")
    return family, given


def mask_name(full_name: str) -> str:
    """The name as strangers see it: the given name whole, of the others the first letter and three asterisks.

    Always three, so that the mask does not tell the length: "Nguyễn Văn An" is "N*** V*** An", and a name of
    one word shows only its first letter.
    """
    words = normalise_name(full_name).split(" ")
    covered = [f"{word[:1]}***" for word in words[:-1]]
    last = words[-1] if covered else f"{words[-1][:1]}***"
    return " ".join([*covered, last])


def mask_id_number(id_number: str) -> str:
    """The first six characters covered, as Decision 1405/QĐ-BTTTT shows them; a short number wholly."""
    covered = 6 if len(id_number) > 6 else len(id_number)
    return "*" * covered + id_number[covered:]


def mask_phone(phone: str) -> str:
    """Of an E.164 number only the last three digits: "*** *** 678"."""
    return f"*** *** {phone[-3:]}" if len(phone) > 6 else "*** ***"


def transliterate_icao(text: str) -> str:
    """`text` as ICAO 9303-3 section 6 writes it for machines: A-Z and `<`, at most 80 characters.

    Marks fall off, Đ is D, apostrophes vanish, spaces and hyphens become a single filler; what has no
    transliteration is left out.
    """
    return transliterate_normalised(normalise_name(text))


def transliterate_normalised(name: str) -> str:
    """The same for a name that `normalise_name` has made."""
    words = filter(None, map(_transliterated_word, name.split(" ")))
    return "<".join(words)[:LONGEST_TRANSLITERATION].rstrip("<")


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _transliterated_word(word: str) -> str:
    """A word, itself with fillers if it has hyphens; the same words are in most names."""
    replaced = word.upper().translate(_ICAO_LETTERS)
    letters = unicodedata.normalize("NFD", replaced).encode("ascii", "ignore").translate(None, _NOT_ICAO)
    return "<".join(filter(None, letters.decode().split("<")))


def sort_key(full_name: str) -> NameKey:
    """A key that sorts by given name first, then family and middle names, in Vietnamese alphabetical order.

    Within each word letters decide before tones: level, grave, hook, tilde, acute, dot below.
    """
    words = _APOSTROPHES.sub("", normalise_name(full_name)).lower().split(" ")
    return tuple(_word_key(word) for word in [*words[-1:], *words[:-1]])


def _word_key(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters: list[int] = []
    tones: list[int] = []
    for character in word.replace("ð", "đ"):
        decomposed = unicodedata.normalize("NFD", character)
        marks = "".join(mark for mark in decomposed[1:] if mark in _LETTER_MARKS)
        letter = unicodedata.normalize("NFC", decomposed[0] + marks)
        letters.append(_ALPHABET.index(letter) if letter in _ALPHABET else 100 + ord(letter[0]))
        tones.append(max((_TONES.index(mark) for mark in decomposed[1:] if mark in _TONES), default=0))
    return tuple(letters), tuple(tones)
