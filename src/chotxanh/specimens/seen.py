"""Of which registrations an officer has seen the paper at a sampling."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.marks import disputes_of, is_removed
from chotxanh.specimens.models import Collection as CollectionModel
from chotxanh.specimens.models import CollectionMember
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class _SeenRow(NamedTuple):
    registration: UUID
    collection: UUID


class _MarkedRow(NamedTuple):
    id: UUID
    marks: int


_SEEN = Table(CollectionMember, _SeenRow)
_MARKED = Table(CollectionModel, _MarkedRow)
# As the index over them says it.
_WAS_SEEN = "AND \"identity_seen\" IN ('card', 'document', 'known')"


def registrations_seen(registrations: Collection[UUID]) -> set[UUID]:
    """Return those whose identity an officer saw at a sampling that was not taken back, and that nothing disputes."""
    seen = lookup(_SEEN, "registration", registrations, tail=_WAS_SEEN)
    marked = lookup(_MARKED, "id", {each.collection for each in seen})
    stands = {each.id for each in marked if not is_removed(each.marks) and not disputes_of(each.marks)}
    return {each.registration for each in seen if each.collection in stands}
