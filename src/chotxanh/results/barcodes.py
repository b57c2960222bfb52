"""The tubes that one barcode has named, one after the other, and of which of them a result is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chotxanh.domain.tubes import filling_at, keys_of_fillings, tube_named
from chotxanh.results.rows import SAMPLED_TUBES, SampledTube
from chotxanh.specimens.rows import COLLECTIONS, CollectionRow
from chotxanh.specimens.tubes import fillings_of
from chotxanh.storage.lookups import lookup


@dataclass(frozen=True)
class Barcode:
    """One barcode: the name of its first tube, when each was first filled (UTC), and the tubes that are known.

    `most` is how many tubes it can ever have had.
    """

    first: str
    starts: Sequence[datetime] = ()
    tubes: Mapping[str, SampledTube] = field(default_factory=dict)
    most: int = 1

    @property
    def names(self) -> list[str]:
        """The name of every tube there can have been."""
        return keys_of_fillings(self.first, self.most)

    def tube_at(self, at: datetime) -> str:
        """Return the name of the tube of which something was said at `at` (UTC): the latest that was filled by then."""
        return tube_named(self.first)._replace(filling=filling_at(self.starts, at)).key


def barcodes_of(first_tubes: Collection[str]) -> dict[str, Barcode]:
    """Return these barcodes by the names of their first tubes. One that was sampled once asks for nothing more."""
    tubes = {tube.key: tube for tube in lookup(SAMPLED_TUBES, "key", first_tubes)}
    found = {key: Barcode(key, tubes={key: tube}) for key, tube in tubes.items() if tube.samplings == 1}
    several = sorted(set(first_tubes) - found.keys())
    if several:
        found |= _with_samplings(several)
    return found


def _with_samplings(first_tubes: Sequence[str]) -> dict[str, Barcode]:
    """Nothing stands of the first tube, or it was sampled more than once: then the samplings tell."""
    samplings: dict[str, list[CollectionRow]] = defaultdict(list)
    found = lookup(COLLECTIONS, "tube", first_tubes)
    for each in sorted(found, key=lambda each: (each.sampled_at, each.id)):
        samplings[each.tube].append(each)
    names = [name for key in first_tubes for name in keys_of_fillings(key, len(samplings[key]))]
    tubes: dict[str, dict[str, SampledTube]] = defaultdict(dict)
    for tube in lookup(SAMPLED_TUBES, "key", names):
        tubes[tube_named(tube.key)._replace(filling=1).key][tube.key] = tube
    return {
        key: Barcode(key, fillings_of(samplings[key]), tubes[key], len(samplings[key])) for key in first_tubes
    }
