"""Recomputes tubes from all their facts: which collection stands, and what about it is disputed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank
from chotxanh.specimens.models import Collection, CollectionMember, CollectionResolution, Tube
from chotxanh.storage.rows import Table, as_json, upsert

_TUBES = Table(
    Tube,
    (
        *("key", "facility", "barcode", "checkpoint", "collection", "pool_kind", "test_type"),
        *("sampled_at", "disputes", "is_disputed"),
    ),
)


@dataclass(frozen=True)
class Standing:
    """The collection that stands, the time it counts from (UTC), and the reasons why a lead must decide."""

    collection: Collection
    sampled_at: datetime
    disputes: tuple[str, ...]


def recompute_tubes(keys: set[str], touched: Touched) -> None:
    """Recompute these tubes from their collections, sorted by time and number, and the leads' words."""
    collections: dict[str, list[Collection]] = defaultdict(list)
    for collection in Collection.objects.filter(tube__in=keys).order_by("sampled_at", "id"):
        collections[collection.tube].append(collection)
    resolutions: dict[str, CollectionResolution] = {}
    for resolution in CollectionResolution.objects.filter(tube__in=keys).order_by("effective_at", "id"):
        resolutions[resolution.tube] = resolution
    standings = {key: stand(collections[key], resolutions.get(key)) for key in sorted(collections)}
    upsert(_TUBES, [_row(standing) for standing in standings.values()])
    members = CollectionMember.objects.filter(tube__in=keys).values_list("person_code", flat=True)
    touched.add(Rank.PERSON_CODE, set(members))
    for key, standing in standings.items():
        touched.announce("tube", key, standing.collection.facility)


def stand(collections: Sequence[Collection], resolution: CollectionResolution | None) -> Standing:
    """Decide which of a tube's collections (sorted by time and number, at least one) stands.

    Disputes: `tube_used_twice`, `clock_doubtful`. A lead's word holds for the collections it considered.
    """
    if resolution is not None and covers(
        resolution.stands, resolution.considered, [each.id for each in collections]
    ):
        chosen = next((each for each in collections if each.id == resolution.stands), None)
        if chosen is not None:
            return Standing(chosen, resolution.sampled_at, ())
    disputes = []
    if len(collections) > 1:
        disputes.append("tube_used_twice")
    if any(collection.is_doubtful for collection in collections):
        disputes.append("clock_doubtful")
    return Standing(collections[0], collections[0].sampled_at, tuple(disputes))


def covers(stands: UUID, considered: Sequence[str], ids: Sequence[UUID]) -> bool:
    """Say whether a lead who chose `stands` knew of all these entries; one that came later opens the dispute anew."""
    return ({UUID(text) for text in considered} | {stands}).issuperset(ids)


def _row(standing: Standing) -> tuple[Any, ...]:
    collection = standing.collection
    barcode = collection.tube.removeprefix(f"{collection.facility}/")
    return (
        *(collection.tube, collection.facility, barcode, collection.checkpoint, collection.id),
        *(collection.pool_kind, collection.test_type, standing.sampled_at),
        *(as_json(standing.disputes), bool(standing.disputes)),
    )
