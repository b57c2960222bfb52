"""Telex and VNI as Vietnamese input methods apply them to keys, free marking and no spell check: the harshest there is.

Written from the published key tables of both methods. Every key changes the word before the cursor or is added to it.
"""

import unicodedata

TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
TONES_OF_DIGITS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
VOWELS = "aeiouy"


def telex(keys: str) -> str:
    """What Telex leaves of `keys`."""
    return _typed(keys, _telex_key)


def vni(keys: str) -> str:
    """What VNI leaves of `keys`."""
    return _typed(keys, _vni_key)


def _typed(keys: str, press: object) -> str:
    assert callable(press)
    done, word = "", ""
    for key in keys:
        if not key.isalnum() and key not in "[]{}":
            done, word = done + word + key, ""
            continue
        changed = press(word, key)
        word = word + key if changed is None else changed
    return unicodedata.normalize("NFC", done + word)


def _telex_key(word: str, key: str) -> str | None:
    """The word after `key`, None when the key is only itself."""
    low = key.lower()
    if low in TONES:
        return _toned(word, TONES[low], key)
    if low == "z":
        return _without_tone(word)
    if low in "aeo":
        return _marked(word, low, CIRCUMFLEX, key)
    if low == "d":
        return _crossed(word, key)
    if low == "w":
        return _horned(word, key)
    brackets = {"[": "ơ", "]": "ư", "{": "Ơ", "}": "Ư"}
    return word + brackets[key] if key in brackets else None


def _vni_key(word: str, key: str) -> str | None:
    if key in TONES_OF_DIGITS:
        return _toned(word, TONES_OF_DIGITS[key], key)
    if key == "0":
        return _without_tone(word)
    if key == "6":
        return _first_changed(word, [(vowel, CIRCUMFLEX) for vowel in "aeo"], key)
    if key == "7":
        return _first_changed(word, [(vowel, HORN) for vowel in "ou"], key)
    if key == "8":
        return _marked(word, "a", BREVE, key)
    return _crossed(word, key) if key == "9" else None


def _letters(word: str) -> list[str]:
    """The word's letters decomposed, each with its marks."""
    letters: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        if unicodedata.combining(character) and letters:
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def _last(letters: list[str], bases: str) -> int | None:
    places = [place for place, letter in enumerate(letters) if letter[0].lower() in bases]
    return places[-1] if places else None


def _toned(word: str, tone: str, key: str) -> str | None:
    """Put the tone on the last vowel; the same tone again takes it off and types the key."""
    letters = _letters(word)
    place = _last(letters, VOWELS)
    if place is None:
        return None
    has_it = tone in letters[place]
    bare = "".join(mark for mark in letters[place] if mark not in TONES.values())
    letters[place] = bare if has_it else bare + tone
    return "".join(letters) + (key if has_it else "")


def _without_tone(word: str) -> str | None:
    letters = _letters(word)
    toned = [place for place, letter in enumerate(letters) if set(letter) & set(TONES.values())]
    if not toned:
        return None
    letters[toned[-1]] = "".join(mark for mark in letters[toned[-1]] if mark not in TONES.values())
    return "".join(letters)


def _marked(word: str, base: str, mark: str, key: str) -> str | None:
    """Give the last `base` its mark; a second time takes it off and types the key."""
    letters = _letters(word)
    place = _last(letters, base)
    if place is None:
        return None
    has_it = mark in letters[place]
    letters[place] = (
        letters[place].replace(mark, "") if has_it else letters[place][0] + mark + letters[place][1:]
    )
    return "".join(letters) + (key if has_it else "")


def _first_changed(word: str, choices: list[tuple[str, str]], key: str) -> str | None:
    """Mark the first of `choices` that lacks its mark; where all have theirs, take the first one's off."""
    letters = _letters(word)
    present = [(base, mark, _last(letters, base)) for base, mark in choices]
    there = [(base, mark, mark in letters[place]) for base, mark, place in present if place is not None]
    for base, mark, _ in sorted(there, key=lambda choice: choice[2]):
        return _marked(word, base, mark, key)
    return None


def _crossed(word: str, key: str) -> str | None:
    """A d anywhere in the word becomes đ; a second time takes the stroke off."""
    crossed = word.translate(str.maketrans("dD", "đĐ"))
    if crossed != word:
        return crossed
    bare = word.translate(str.maketrans("đĐ", "dD"))
    return bare + key if bare != word else None


def _horned(word: str, key: str) -> str:
    """Horn on o and u, breve on a, and ư from w alone."""
    changed = _first_changed(word, [("o", HORN), ("u", HORN), ("a", BREVE)], key)
    return word + ("Ư" if key.isupper() else "ư") if changed is None else changed
