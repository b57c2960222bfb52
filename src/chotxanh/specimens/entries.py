"""Collections and their resolutions: payloads, storing, and which collection of a tube stands."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.kinds import Kind
from chotxanh.domain.pools import LARGEST_POOL, PoolKind
from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import normalise_tube, tube_key
from chotxanh.protocol.envelope import Code, OwnPersonCode, Time, TubeText, check_time
from chotxanh.protocol.kinds import Happening, KindSpec, Touched, follow, recompute_at, register
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.specimens.models import Collection, CollectionMember, CollectionResolution
from chotxanh.specimens.standing import recompute_tubes
from chotxanh.storage.rows import Table, as_json, upsert

MOST_MEMBERS_READ = 100

_COLLECTIONS = Table(
    Collection,
    (
        *("id", "tube", "facility", "checkpoint", "lane", "pool_kind", "specimen_type", "test_type"),
        *("actor", "sampled_at", "is_doubtful"),
    ),
)
_MEMBERS = Table(CollectionMember, ("key", "collection", "tube", "person_code"))
_RESOLUTIONS = Table(
    CollectionResolution, ("id", "tube", "stands", "considered", "sampled_at", "effective_at")
)


class Member(msgspec.Struct, frozen=True):
    """One person in a tube."""

    person_code: OwnPersonCode


class SpecimenCollected(msgspec.Struct, frozen=True):
    """A tube was closed with the swabs of these people."""

    facility: Code
    checkpoint: Code
    lane: Code
    tube: TubeText
    pool_kind: PoolKind
    specimen_type: Literal["nasopharyngeal"]
    test_type: Literal["ag_rapid"]
    members: Annotated[list[Member], Meta(max_length=MOST_MEMBERS_READ)]


class SpecimenResolved(msgspec.Struct, frozen=True):
    """A lead's word: this collection stands, sampled then, knowing of the `considered` ones."""

    facility: Code
    tube: TubeText
    stands: UUID
    sampled_at: Time
    considered: Annotated[list[UUID], Meta(max_length=100)] = []


def key_of(facts: Any) -> str:
    """Return the key of the tube that facts name. Raises Problem("tube_invalid")."""
    barcode = normalise_tube(facts.tube)
    if barcode is None:
        raise Problem("tube_invalid")
    return tube_key(facts.facility, barcode)


def check_collection(facts: SpecimenCollected, _personal: None) -> None:
    """Check a pool. Raises Problem: `tube_invalid`, `pool_empty`, `pool_member_repeated`, `pool_kind_wrong`, ..."""
    key_of(facts)
    codes = [member.person_code for member in facts.members]
    if not codes:
        raise Problem("pool_empty")
    if len(codes) > LARGEST_POOL:
        raise Problem("pool_too_large", most=LARGEST_POOL)
    if len(set(codes)) < len(codes):
        raise Problem("pool_member_repeated")
    if (len(codes) == 1) is not (facts.pool_kind is PoolKind.SINGLE):
        raise Problem("pool_kind_wrong")
    for code in codes:
        own = parse_code(code)
        if own is None or own.type is not CodeType.PERSON:
            raise Problem("person_code_invalid")


def check_tube(facts: Any, _personal: None) -> None:
    """Check that a tube is named. Raises Problem("tube_invalid")."""
    key_of(facts)


def check_resolution(facts: SpecimenResolved, _personal: None) -> None:
    """Check a lead's word. Raises Problem: `tube_invalid`, `time_out_of_range`."""
    key_of(facts)
    check_time(facts.sampled_at)


def apply_collections(happenings: Sequence[Happening[SpecimenCollected, None]], touched: Touched) -> None:
    """Store collections and their members."""
    upsert(_COLLECTIONS, [_collection_row(item) for item in happenings])
    upsert(
        _MEMBERS,
        [
            (f"{item.id.hex}{position:02d}", item.id, key_of(item.facts), member.person_code)
            for item in happenings
            for position, member in enumerate(item.facts.members)
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_resolutions(happenings: Sequence[Happening[SpecimenResolved, None]], touched: Touched) -> None:
    """Store leads' words on collections."""
    upsert(
        _RESOLUTIONS,
        [
            (
                *(item.id, key_of(item.facts), item.facts.stands, as_json(item.facts.considered)),
                *(item.facts.sampled_at, item.effective_at),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def register_kinds() -> None:
    """Declare the kinds this feature owns."""
    register(
        KindSpec(
            Kind.SPECIMEN_COLLECTED,
            1,
            SpecimenCollected,
            check=check_collection,
            place=lambda facts: Place(facts.facility, facts.checkpoint),
        )
    )
    register(
        KindSpec(
            Kind.SPECIMEN_RESOLVED,
            1,
            SpecimenResolved,
            check=check_resolution,
            place=lambda facts: Place(facts.facility),
        )
    )
    follow([Kind.SPECIMEN_COLLECTED], apply_collections)
    follow([Kind.SPECIMEN_RESOLVED], apply_resolutions)
    recompute_at(Rank.TUBE, recompute_tubes)


def _collection_row(item: Happening[SpecimenCollected, None]) -> tuple[Any, ...]:
    facts = item.facts
    return (
        *(item.id, key_of(facts), facts.facility, facts.checkpoint, facts.lane, facts.pool_kind.value),
        *(facts.specimen_type, facts.test_type, item.actor, item.effective_at, item.is_doubtful),
    )
