"""Which letters a name may have: Latin ones with any marks, and what stands between them.

A passport in another script has a line in Latin letters beside it (ICAO 9303-3, section 3): that line is asked for.
"""

import re
import unicodedata

from chotxanh.domain.problems import Problem

_BETWEEN = frozenset(" -.'`\xb4\xb7\u02b9\u02ba\u02bb\u02bc\u02c8\u2018\u2019\u201b\u2032")
# No letter has more than two marks that are not one with it.
_PILED_MARKS = re.compile(r"(?:^|[ .\-'])[\u0300-\u036f]|[\u0300-\u036f]{3}")
# Scripts with letters that look like Latin ones: a single one in a name is a slip or a trick, not a passport.
_ALIKE = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")


def check_letters(name: str) -> None:
    """Refuse a normalised name with letters or signs that no such line has.

    Problems: `name_not_latin`, `name_look_alike`, `name_legacy_encoding`, `name_invalid_characters`.
    """
    signs = [character for character in name if not _is_of_names(character)]
    letters = [character for character in signs if unicodedata.category(character)[0] in "LM"]
    if len(letters) < len(signs):
        raise _invalid(next(character for character in signs if character not in letters))
    if letters:
        raise _of_another_script(name, letters)
    if piled := _PILED_MARKS.search(name):
        raise _invalid(piled[0][-1])


def _invalid(character: str) -> Problem:
    return Problem("name_invalid_characters", character=character)


def _is_of_names(character: str) -> bool:
    if character in _BETWEEN or (character.isascii() and character.isalpha()):
        return True
    return _script(character) == "LATIN" or "\u0300" <= character <= "\u036f"


def _of_another_script(name: str, letters: list[str]) -> Problem:
    """Two scripts in one word are a wrong code page (Ng么), unless the letters are taken for Latin ones."""
    if not any(_script(character) == "LATIN" for character in name):
        return Problem("name_not_latin")
    alike = [character for character in letters if _script(character) in _ALIKE]
    if alike:
        return Problem("name_look_alike", character=alike[0])
    is_mixed = any(len({_script(letter) == "LATIN" for letter in word}) > 1 for word in _words(name))
    return Problem("name_legacy_encoding" if is_mixed else "name_not_latin")


def _words(name: str) -> list[str]:
    """The words of a name, letters only."""
    words = re.split("[ .'-]+", name)
    return ["".join(character for character in word if character.isalpha()) for word in words]


def _script(character: str) -> str:
    """The first word of a character's name in Unicode; for letters that is the script."""
    return unicodedata.name(character, "").split(" ")[0]
