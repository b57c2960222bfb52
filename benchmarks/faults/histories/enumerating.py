"""Every history of a few acts after two collections, one of each class of those that cannot be told apart.

Acts whose order makes no difference may change places: of all orders that come to the same, the first by the alphabet
stands for all, and an act's minute is its phase's first one plus how many acts before it matter to it. The order of
arrival is not looked at: the rules take a history as a set, so what arrives late is an act of an earlier phase.
"""

import math
from collections.abc import Iterator, Sequence

from benchmarks.faults.histories.alphabet import (
    AT_ANY_TIME,
    COLLECTIONS,
    DOUBTED,
    DOUBTED_UNTIL,
    PEOPLE,
    TAKEN,
    Alphabet,
    Letter,
    alphabet_of,
)
from benchmarks.faults.histories.oracle import Act

ASKED_AT = 1000
Word = tuple[int, ...]


def classes(place: int, most: int, first: int | None = None) -> Iterator[list[Act]]:
    """Yield the histories of up to `most` acts after a collection; with `first` those that this letter begins."""
    alphabet = alphabet_of(place)
    for word in _words(alphabet, most, () if first is None else (first,)):
        history = history_of(alphabet, word)
        if history and _stands_for_its_class(alphabet, word):
            yield history


def number_of_letters(place: int) -> int:
    """Return how many acts can follow a collection."""
    return len(alphabet_of(place).letters)


def plain_count(most: int) -> int:
    """Return how many histories there are when names and order are not looked through: every word of every alphabet.

    A collection counts as often as its people and tubes can be named anew.
    """
    count = 0
    for place in range(len(COLLECTIONS)):
        letters = number_of_letters(place)
        words = sum(math.prod([letters] * length) for length in range(most + 1))
        count += words * len(TAKEN) * (1 if alphabet_of(place).swapped else len(PEOPLE))
    return count


def _words(alphabet: Alphabet, most: int, word: Word) -> Iterator[Word]:
    yield word
    if len(word) < most:
        for letter in range(len(alphabet.letters)):
            if _is_first_order(alphabet, word, letter):
                yield from _words(alphabet, most, (*word, letter))


def _is_first_order(alphabet: Alphabet, word: Word, letter: int) -> bool:
    """Say whether a letter may go on a word: it cannot move before a larger one, nor beside itself."""
    for before in reversed(word):
        if alphabet.matters[letter][before]:
            return True
        if before >= letter:
            return False
    return True


def _stands_for_its_class(alphabet: Alphabet, word: Word) -> bool:
    """Say whether no other naming of the people comes first by the alphabet."""
    return alphabet.swapped is None or word <= _ordered(alphabet, [alphabet.swapped[each] for each in word])


def _ordered(alphabet: Alphabet, word: Sequence[int]) -> Word:
    """Return the first by the alphabet of all orders that come to the same."""
    left, ordered = list(word), []
    while left:
        free = [
            place
            for place, letter in enumerate(left)
            if not any(alphabet.matters[letter][before] for before in left[:place])
        ]
        ordered.append(left.pop(min(free, key=lambda place: left[place])))
    return tuple(ordered)


def history_of(alphabet: Alphabet, word: Word) -> list[Act]:
    """Return the acts of a word with their minutes; none where something is withdrawn that is not there."""
    letters = [alphabet.letters[each] for each in word]
    doubted = {each.tube for each in letters if each.act[0] == "doubted"}
    acts = [
        (*act[:4], DOUBTED[act[1]], *act[5:]) if act[1] in doubted else act for act in alphabet.collections
    ]
    levels: list[int] = []
    for place, letter in enumerate(letters):
        matters = alphabet.matters[word[place]]
        levels.append(
            1 + max((levels[before] for before in range(place) if matters[word[before]]), default=-1)
        )
        if letter.phase != AT_ANY_TIME:
            acts.append(_timed(letter, letter.phase + levels[-1]))
    for letter in letters:
        if letter.act[0] == "withdrawn":
            meant = _withdrawn(letter, acts)
            if meant is None:
                return []
            acts.append(("withdrawn", meant))
    return acts


def _timed(letter: Letter, minute: int) -> Act:
    if letter.act[0] in ("result", "corrected"):
        return (*letter.act, (minute, DOUBTED_UNTIL if letter.is_doubtful else minute))
    return (*letter.act, minute)


def _withdrawn(letter: Letter, acts: Sequence[Act]) -> Act | None:
    """Return what is withdrawn of a tube; None where it is not there, or is meant by another letter already."""
    _, tube, what = letter.act
    of_tube = [act for act in acts if act[1] == tube]
    if what == "sampling":
        return of_tube[0]
    words = sorted(
        (act for act in of_tube if act[0] in ("result", "corrected")), key=lambda act: (act[4], act)
    )
    if len(words) < (2 if what == "first" else 1):
        return None
    return words[0 if what == "first" else -1]
