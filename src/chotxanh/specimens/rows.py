"""The rows of collections and their members, by name, for those who write and those who recompute."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.standing.times import Span
from chotxanh.specimens.models import Collection, CollectionMember
from chotxanh.storage.rows import Table


class CollectionRow(NamedTuple):
    """One `specimen.collected` entry; `tube` names the barcode's first tube, whichever it is of.

    `test_type` is the method of its test, `size` how many were sampled; `sampled_at` and `received_at` are UTC.
    `marks` are domain.marks.Mark.
    """

    id: UUID
    tube: str
    facility: str
    post: UUID
    site: str
    pool_kind: str
    specimen_type: str
    test: UUID
    kit: UUID | None
    test_type: str
    size: int
    is_household: bool
    actor: UUID | None
    sampled_at: datetime
    sampled_latest: datetime
    marks: int
    received_at: datetime | None

    @property
    def sampled(self) -> Span:
        """When it was, as far as that is known."""
        return Span(self.sampled_at, self.sampled_latest)


class MemberRow(NamedTuple):
    """One person in one collection; `tube` is the very tube; of one that `is_void` the tube says nothing."""

    key: str
    collection: UUID
    tube: str
    person_code: str
    registration: UUID | None
    category: str
    identity_seen: str
    is_void: bool = False

    @property
    def position(self) -> int:
        """The person's place in the tube, the first scanned 0; it ends the key (entries.apply_collections)."""
        return int(self.key[-2:])


COLLECTIONS = Table(Collection, CollectionRow)
MEMBERS = Table(CollectionMember, MemberRow)
