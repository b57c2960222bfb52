"""Collections and their resolutions: payloads, storing, and which collection of a tube stands."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.declarations.entries import DeclarationSubmitted
from chotxanh.domain.grounds import Grounds
from chotxanh.domain.kinds import LEADS
from chotxanh.domain.marks import Reason
from chotxanh.domain.people import IdentitySeen
from chotxanh.domain.pools import LARGEST_POOL, PoolKind
from chotxanh.domain.problems import Problem
from chotxanh.domain.tubes import normalise_tube, tube_key
from chotxanh.domain.works import SAMPLERS
from chotxanh.ledger.locks import lock
from chotxanh.people.example import PERSON_CODE, REGISTRATION
from chotxanh.people.groups import see_with
from chotxanh.people.payloads import PersonCorrected, check_person_code
from chotxanh.protocol.envelope import Code, OwnPersonCode, Time, TubeText, check_time
from chotxanh.protocol.kinds import (
    Happening,
    KindRow,
    Touched,
    Who,
    follow,
    foresee_at,
    foresee_with,
    recompute_at,
    register,
)
from chotxanh.protocol.needs import Needs
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.registers.kits.known import tests_named
from chotxanh.registers.posts.entries import PostRow
from chotxanh.registers.posts.sites import posts_named
from chotxanh.specimens.models import CollectionResolution
from chotxanh.specimens.rows import COLLECTIONS, MEMBERS, CollectionRow, MemberRow
from chotxanh.specimens.seen import registrations_seen
from chotxanh.specimens.tubes import ResolutionRow, foresee_tubes, recompute_tubes
from chotxanh.storage.lookups import foresee, lookup
from chotxanh.storage.rows import Table, as_json, upsert

MOST_MEMBERS_READ = 100


_RESOLUTIONS = Table(CollectionResolution, ResolutionRow)


class Member(msgspec.Struct, frozen=True):
    """One person in a tube, as the officer saw them; `registration` is None where none is known for the code.

    `category` is None where the officer knew none: then it is the one that the person declared.
    """

    person_code: OwnPersonCode
    registration: UUID | None
    category: Annotated[Code, Meta(max_length=20)] | None
    identity_seen: IdentitySeen


class SpecimenCollected(msgspec.Struct, frozen=True):
    """A tube was closed with the swabs of these people, for this test; `kit` is the one at hand where it has kits.

    `is_household` if they live together: what one is positive by makes the others contacts (field rule A2). What was
    done of the tube in the end, its results say.
    """

    facility: Code
    post: UUID
    tube: TubeText
    pool_kind: PoolKind
    specimen_type: Literal["nasopharyngeal"]
    test: UUID
    members: Annotated[list[Member], Meta(max_length=MOST_MEMBERS_READ)]
    kit: UUID | None = None
    is_household: bool = False


class Marked(msgspec.Struct, frozen=True):
    """The reasons for a dispute that an entry's marks gave when a lead decided."""

    entry: UUID
    reasons: Annotated[list[Reason], Meta(max_length=10)]


Considered = Annotated[list[UUID], Meta(max_length=100)]
MarkedOnes = Annotated[list[Marked], Meta(max_length=100)]


class Named(msgspec.Struct, frozen=True):
    """Which of those who claim a person code was sampled."""

    person_code: OwnPersonCode
    registration: UUID


class SpecimenResolved(msgspec.Struct, frozen=True):
    """A lead's word: this collection stands, sampled then, knowing of the `considered` ones, so `marked`.

    Of a code that was claimed twice `people` says who was sampled under it.
    """

    facility: Code
    tube: TubeText
    stands: UUID
    sampled_at: Time
    considered: Considered = []
    marked: MarkedOnes = []
    people: Annotated[list[Named], Meta(max_length=LARGEST_POOL)] = []
    grounds: Grounds | None = None


def reasons_of(marked: Sequence[Marked]) -> str:
    """Return the reasons that a word knew by entry, as JSON."""
    return as_json({str(each.entry): each.reasons for each in marked})


def key_of(facts: Any) -> str:
    """Return the key of the barcode's first tube that facts name: of all its tubes. Raises Problem("tube_invalid").

    A tube is its collector's; who names that of another facility says whose it is (`collected_by`).
    """
    return keys_named(facts, [facts.tube])[0]


def keys_named(facts: Any, tubes: Sequence[str]) -> list[str]:
    """Return the keys of several tubes that facts name. Raises Problem("tube_invalid")."""
    barcodes = [normalise_tube(tube) for tube in tubes]
    if None in barcodes:
        raise Problem("tube_invalid")
    facility = getattr(facts, "collected_by", None) or facts.facility
    return [tube_key(facility, barcode) for barcode in barcodes if barcode]


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
        check_person_code(code)


def check_tube(facts: Any, _personal: None) -> None:
    """Check that a tube is named. Raises Problem("tube_invalid")."""
    key_of(facts)


def check_resolution(facts: SpecimenResolved, _personal: None) -> None:
    """Check a lead's word. Raises Problem: `tube_invalid`, `time_out_of_range`."""
    key_of(facts)
    check_time(facts.sampled_at)


def apply_collections(happenings: Sequence[Happening[SpecimenCollected, None]], touched: Touched) -> None:
    """Store collections and their members."""
    posts = posts_named({item.facts.post for item in happenings})
    tests = tests_named({item.facts.test for item in happenings})
    upsert(
        COLLECTIONS,
        [_collection_row(item, _site_of(item, posts), tests[item.facts.test].method) for item in happenings],
    )
    upsert(
        MEMBERS,
        [
            MemberRow(
                key=f"{item.id.hex}{position:02d}",
                collection=item.id,
                tube=key_of(item.facts),
                person_code=member.person_code,
                registration=member.registration,
                category=member.category or "",
                identity_seen=member.identity_seen.value,
            )
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
            ResolutionRow(
                id=item.id,
                tube=key_of(item.facts),
                stands=item.facts.stands,
                considered=as_json(item.facts.considered),
                marked=reasons_of(item.facts.marked),
                people=as_json({each.person_code: each.registration for each in item.facts.people}),
                sampled_at=item.facts.sampled_at,
                effective_at=item.effective_at,
                marks=int(item.marks),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def announce_tubes(happenings: Sequence[Happening[PersonCorrected, Any]], touched: Touched) -> None:
    """Let the cards of tubes say who is in them as leads have corrected it."""
    for member in lookup(MEMBERS, "person_code", sorted({item.facts.person_code for item in happenings})):
        touched.announce("tube", member.tube)


def touch_unsaid(happenings: Sequence[Happening[DeclarationSubmitted, Any]], touched: Touched) -> None:
    """Let a journey say of which group people are who were sampled before it was known.

    Who registers with it is recomputed anyway, sampled or not.
    """
    codes = {item.facts.person_code for item in happenings} - touched.keys[Rank.PERSON_CODE]
    members = lookup(MEMBERS, "person_code", codes)
    touched.add(Rank.PERSON_CODE, {member.person_code for member in members if not member.category})


def foresee_unsaid(facts: Sequence[Any]) -> None:
    """Ask ahead whether those who declare a next journey were sampled before, where a batch is of journeys alone.

    Their codes are locked first: whoever samples them meanwhile, or says a result, sees the journey then, or is seen.
    In another batch a tube may have to be locked before a code.
    """
    if all(isinstance(each, DeclarationSubmitted) for each in facts):
        codes = {each.person_code for each in facts}
        lock(Rank.PERSON_CODE, codes)
        foresee(MEMBERS, "person_code", codes)


def register_kinds() -> None:
    """Declare the kinds this feature owns."""
    register(COLLECTED, RESOLVED)
    foresee_with(foresee_unsaid)
    follow([DeclarationSubmitted], touch_unsaid)
    follow([PersonCorrected], announce_tubes)
    follow([SpecimenCollected], apply_collections)
    follow([SpecimenResolved], apply_resolutions)
    foresee_at(Rank.TUBE, foresee_tubes)
    recompute_at(Rank.TUBE, recompute_tubes)
    see_with(registrations_seen)


def _site_of(item: Happening[SpecimenCollected, None], posts: dict[UUID, PostRow]) -> str:
    """A deed that a lead admitted may name a post that is not known here."""
    post = posts.get(item.facts.post)
    return post.site if post else ""


def _collection_row(item: Happening[SpecimenCollected, None], site: str, method: str) -> CollectionRow:
    facts = item.facts
    return CollectionRow(
        id=item.id,
        tube=key_of(facts),
        facility=facts.facility,
        post=facts.post,
        site=site,
        pool_kind=facts.pool_kind.value,
        specimen_type=facts.specimen_type,
        test=facts.test,
        kit=facts.kit,
        test_type=method,
        size=len(facts.members),
        is_household=facts.is_household,
        actor=item.actor,
        sampled_at=item.span.earliest,
        sampled_latest=item.span.latest,
        marks=int(item.marks),
        received_at=item.received_at,
    )


COLLECTED = KindRow(
    "specimen.collected",
    SpecimenCollected,
    Who(roles=SAMPLERS),
    "A tube was closed with the swabs of one person or several.",
    ("Lấy mẫu", "Specimen collected"),
    {
        "facility": "ttyt-phu-my",
        "post": "017adaf0-0000-7000-8000-000000000046",
        "tube": "BR0001",
        "pool_kind": "single",
        "specimen_type": "nasopharyngeal",
        "test": "017adaf0-0000-7000-8000-000000000049",
        "kit": "017adaf0-0000-7000-8000-000000000045",
        "members": [
            {
                "person_code": PERSON_CODE,
                "registration": REGISTRATION,
                "category": "goods_driver",
                "identity_seen": "card",
            }
        ],
    },
    check=check_collection,
    place=lambda facts: Place(facts.facility, post=facts.post),
    needs=lambda facts: Needs(facts.test, facts.kit),
    can_withdraw=lambda _facts: True,
    needs_authorised_facility=True,
)
RESOLVED = KindRow(
    "specimen.resolved",
    SpecimenResolved,
    Who(roles=LEADS),
    "A lead says which collection of a tube stands, and when it was.",
    ("Quyết định về lần lấy mẫu", "Decision on a collection"),
    {
        "facility": "ttyt-phu-my",
        "tube": "BR0001",
        "stands": "017adaf0-0000-7000-8000-000000000033",
        "sampled_at": "2021-07-25T01:05:00.000Z",
        "considered": ["017adaf0-0000-7000-8000-000000000033"],
        "marked": [{"entry": "017adaf0-0000-7000-8000-000000000033", "reasons": ["facility_not_authorised"]}],
        "people": [{"person_code": PERSON_CODE, "registration": REGISTRATION}],
    },
    check=check_resolution,
    place=lambda facts: Place(facts.facility),
)
