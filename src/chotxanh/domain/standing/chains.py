"""Readings of one test and what corrections make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from chotxanh.domain.standing.acts import Countersignature, Value, Word


@dataclass(frozen=True)
class Chain:
    """A reading, what stands of it, and whether a negative of it was given and then corrected."""

    reading: Word
    stands: Word
    was_negative: bool = False

    def corrected_by(self, correction: Word, *, is_signed: bool) -> "Chain":
        """Return the chain after a correction.

        From a positive to anything else it needs a second account, and is possible only until the person has been
        told: until then the positive stands (field rule A1).
        """
        takes_back = self.stands.warns and not correction.warns
        if takes_back and (correction.is_after_telling or not is_signed):
            return self
        was_negative = self.was_negative or (
            self.stands.value is Value.NEGATIVE and correction.value is not Value.NEGATIVE
        )
        return Chain(self.reading, correction, was_negative)


def chains_of(words: Sequence[Word], countersignatures: Sequence[Countersignature]) -> list[Chain]:
    """Return what stands of each reading of one test, the first reading first; empty while only corrections are here.

    A correction says of the last reading before it that differs from it, that this was wrong.
    """
    ordered = sorted(words, key=_by_time)
    chains = [Chain(word, word) for word in ordered if not word.is_correction]
    corrections = [word for word in ordered if word.is_correction]
    signed = {_signed_by(each, corrections) for each in countersignatures}
    for correction in corrections if chains else ():
        index = _corrected(chains, correction)
        chains[index] = chains[index].corrected_by(correction, is_signed=correction in signed)
    return chains


def _corrected(chains: Sequence[Chain], correction: Word) -> int:
    before = [
        index for index, each in enumerate(chains) if each.reading.at.earliest <= correction.at.earliest
    ] or [0]
    differing = [index for index in before if chains[index].stands.value is not correction.value]
    return (differing or before)[-1]


def _signed_by(signature: Countersignature, corrections: Sequence[Word]) -> Word | None:
    """A countersignature names a correction; where it does not say which, it is the last one before it."""
    return next((each for each in reversed(corrections) if each.at.earliest <= signature.at), None)


def _by_time(word: Word) -> tuple[object, ...]:
    return (word.at.earliest, word.at.latest, word.value, word.line_seen)
