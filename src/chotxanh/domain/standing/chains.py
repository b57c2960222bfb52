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
        told: until then the positive stands (field rule A1), and so does a line that was seen too late. What says the
        same again is no news.
        """
        if correction.agrees_with(self.stands):
            return self
        if self._is_taken_back_by(correction) and (correction.is_after_telling or not is_signed):
            return self
        was_negative = self.was_negative or (
            self.stands.value is Value.NEGATIVE and correction.value is not Value.NEGATIVE
        )
        return Chain(self.reading, correction, was_negative)

    def _is_taken_back_by(self, correction: Word) -> bool:
        if self.stands.value is Value.POSITIVE:
            return correction.value is not Value.POSITIVE
        return self.stands.warns and not correction.warns


def chains_of(words: Sequence[Word], countersignatures: Sequence[Countersignature]) -> list[Chain]:
    """Return what stands of each reading of one test, the first reading first.

    A correction says of the last reading before it that differs from it, that this was wrong.
    """
    readings = sorted((word for word in words if not word.is_correction), key=_by_time)
    chains = [Chain(word, word) for word in readings]
    corrections = sorted((word for word in words if word.is_correction), key=_by_counting)
    signed = {_signed_by(each, corrections) for each in countersignatures}
    for correction in corrections:
        before = [index for index, each in enumerate(chains) if _may_mean(correction, each.reading)]
        differing = [index for index in before if not correction.agrees_with(chains[index].stands)]
        for index in differing[-1:]:
            chains[index] = chains[index].corrected_by(correction, is_signed=correction in signed)
    return chains


def early_corrections(words: Sequence[Word]) -> list[Word]:
    """Return the corrections of readings that are not here: nobody knows what they make of them."""
    readings = [word for word in words if not word.is_correction]
    corrections = [word for word in words if word.is_correction]
    return [each for each in corrections if not any(_may_mean(each, reading) for reading in readings)]


def _may_mean(correction: Word, reading: Word) -> bool:
    return reading.at.earliest <= correction.at.latest


def _signed_by(signature: Countersignature, corrections: Sequence[Word]) -> Word | None:
    """A countersignature names a correction; where it does not say which, it is the last one before it."""
    return next((each for each in reversed(corrections) if each.counts_from <= signature.at), None)


def _by_counting(word: Word) -> tuple[object, ...]:
    return (word.counts_from, *_by_time(word))


def _by_time(word: Word) -> tuple[object, ...]:
    return (word.at.earliest, word.at.latest, word.value, word.line_seen)
