"""Identity groups: which registrations may be one person, and whether a person said so or only the machine.

A registration is in exactly one group: that of its latest `registration.linked`, or one of its own by its latest
`registration.unlinked`; else that of everybody of equal identity (ID number, year of birth, folded name); else its own.
A link leads to the group that its target is in without links of its own: never along a chain, so that a change touches
two groups and their locks can be taken in order. A machine's link may warn and take away, never give or show.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from chotxanh.protocol.kinds import Touched
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.storage.questions import Question, answers, foresee_answers

Group: TypeAlias = UUID
Seen: TypeAlias = Callable[[Collection[UUID]], set[UUID]]
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_sightings: list[Seen] = []


class Belonging(NamedTuple):
    """A registration with one link of its own (None without any), and the identity group of that link's target."""

    id: UUID
    person_code: str
    identity_group: UUID | None
    link: UUID | None
    named_group: UUID | None
    is_linked: bool | None
    is_by_machine: bool | None
    effective_at: datetime | None
    targets_group: UUID | None


@dataclass(frozen=True)
class Member:
    """A registration in a group. `is_by_person`: a person linked it, or an officer saw its paper at a sampling.

    Two members are one person to be shown and certified as one only where both are.
    """

    registration: UUID
    person_code: str
    is_by_person: bool


@dataclass(frozen=True)
class Same:
    """The codes of one person: `own` those that a person joined, the code itself included; `alike` those that only a
    machine finds alike, which warn and take away and give nothing."""

    own: frozenset[str]
    alike: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every code that is, or may be, this person's."""
        return self.own | self.alike


_BELONGING = """
SELECT person.id, person.person_code, person.identity_group, link.id, link.named_group, link.is_linked,
    link.is_by_machine, link.effective_at, target.identity_group
FROM people_registration AS person
LEFT JOIN people_link AS link ON link.registration = person.id
LEFT JOIN people_registration AS target ON target.id = link.named_group
WHERE """
_BY_ID = Question(_BELONGING + "person.id AMONG", Belonging)
_BY_CODE = Question(_BELONGING + "person.person_code AMONG", Belonging)
_IN_GROUP = """person.id IN (
    SELECT id FROM people_registration WHERE id AMONG
    UNION SELECT id FROM people_registration WHERE identity_group AMONG
    UNION SELECT registration FROM people_link WHERE named_group AMONG
    UNION SELECT registration FROM people_link WHERE id AMONG
    UNION SELECT naming.registration FROM people_link AS naming
    JOIN people_registration AS named ON named.id = naming.named_group WHERE named.identity_group AMONG
)
"""
_OF_GROUP = Question(_BELONGING + _IN_GROUP, Belonging)


def see_with(sightings: Seen) -> None:
    """Let a feature above say of which registrations an officer has seen the paper at a sampling."""
    _sightings.append(sightings)


def groups_of(registrations: Collection[UUID]) -> dict[UUID, Group]:
    """Return the group of each of these registrations; one that is not known here is absent."""
    return {id: _group(rows) for id, rows in _by_registration(answers(_BY_ID, registrations)).items()}


def groups_claimed(codes: Collection[str]) -> set[Group]:
    """Return every group that a registration of these codes is in, or was ever linked to."""
    return {
        group for row in answers(_BY_CODE, codes) for group in (default_group(row), _linked(row)) if group
    }


def members_of(groups: Collection[Group]) -> dict[Group, list[Member]]:
    """Return the members of each of these groups, in order of their numbers."""
    wanted = frozenset(groups)
    belonging = _by_registration(answers(_OF_GROUP, wanted))
    latest = {id: _latest(rows) for id, rows in belonging.items()}
    inside = {id: _group(rows) for id, rows in belonging.items()}
    sought = {id for id, group in inside.items() if group in wanted}
    by_person = linked_by_person({id: latest[id] for id in sought})
    if len(sought) > len({inside[id] for id in sought}):  # of whom is alone nobody asks
        by_person |= seen_among(sought)
    found: dict[Group, list[Member]] = {group: [] for group in wanted}
    for id in sorted(sought):
        found[inside[id]].append(Member(id, latest[id].person_code, id in by_person))
    return found


def belonging_of(registrations: Collection[UUID]) -> dict[UUID, Belonging]:
    """Return these registrations, each with the latest word on it; one that is not known here is absent."""
    return {id: _latest(rows) for id, rows in _by_registration(answers(_BY_ID, registrations)).items()}


def belonging_around(groups: Collection[Group]) -> dict[UUID, Belonging]:
    """Return likewise whoever is in one of these groups, or was ever said to be, or named somebody of it."""
    return {id: _latest(rows) for id, rows in _by_registration(answers(_OF_GROUP, frozenset(groups))).items()}


def group_by(word: Belonging) -> Group:
    """Return the group that a registration is in by the latest word on it."""
    return _linked(word) or default_group(word)


def linked_by_person(words: Mapping[UUID, Belonging]) -> set[UUID]:
    """Return whom leads have linked, and whom these links name, of everybody in some groups with the latest words.

    Whom a link names may have left the group since: of them it says nothing any more.
    """
    linked = {id: word for id, word in words.items() if word.is_linked and not word.is_by_machine}
    named = {
        word.named_group
        for word in linked.values()
        if word.named_group is not None and word.named_group in words
        if group_by(words[word.named_group]) == group_by(word)
    }
    return {*linked, *named}


def seen_among(registrations: Collection[UUID]) -> set[UUID]:
    """Return those of these registrations whose paper an officer saw at a sampling."""
    return {id for sightings in _sightings for id in sightings(registrations)}


def codes_together(codes: Collection[str]) -> set[str]:
    """Return these codes, and those of everybody in a group with one of them."""
    members = members_of(groups_claimed(codes)).values()
    return {*codes, *(member.person_code for each in members for member in each)}


def same_people(codes: Collection[str]) -> dict[str, Same]:
    """Return who each of these codes is one person with; a code that nobody registered is alone."""
    claims = _by_registration(answers(_BY_CODE, codes))
    groups = {id: _group(rows) for id, rows in claims.items()}
    members = members_of(set(groups.values()))
    # Of each group at once: who registers again and again has a group of thousands, and each of these codes asks.
    sure = {each.registration for group in members.values() for each in group if each.is_by_person}
    by_person = {
        group: {each.person_code for each in known if each.is_by_person} for group, known in members.items()
    }
    by_machine = {
        group: {each.person_code for each in known if not each.is_by_person}
        for group, known in members.items()
    }
    own: dict[str, set[str]] = defaultdict(set)
    alike: dict[str, set[str]] = defaultdict(set)
    for id, rows in claims.items():
        code, group = rows[0].person_code, groups[id]
        (own if id in sure else alike)[code] |= by_person[group]
        alike[code] |= by_machine[group]
    return {
        code: Same(frozenset({code, *own[code]}), frozenset(alike[code] - own[code] - {code}))
        for code in codes
    }


def foresee_claims(codes: set[str], _touched: Touched) -> None:
    """Ask ahead in which groups the registrations of these codes are."""
    foresee_answers(_BY_CODE, codes)


def foresee_groups(groups: set[str], _touched: Touched) -> None:
    """Ask ahead who is in these groups."""
    foresee_answers(_OF_GROUP, {UUID(group) for group in groups})


def foresee_people(codes: set[str], touched: Touched) -> None:
    """Ask ahead who these people are, and with whom, as far as it was known before their papers were locked."""
    foresee_answers(_BY_CODE, codes)
    foresee_answers(_OF_GROUP, {UUID(group) for group in touched.keys[Rank.IDENTITY_GROUP]})


def recompute_groups(groups: set[str], touched: Touched) -> None:
    """Let the cards of everybody in these groups change, and what stands for them: each may bear on the others.

    Of a group that lies wholly within the codes that were touched, its people are known already.
    """
    for members in members_of([UUID(group) for group in groups]).values():
        codes = {member.person_code for member in members}
        touched.showings.changed |= {CardName("person", code) for code in codes}
        if not codes <= touched.keys[Rank.PERSON_CODE]:
            touched.add(Rank.COMPANY, codes)


def touch_groups(codes: set[str], touched: Touched) -> None:
    """Recompute the groups of whoever claims these codes, those they have left included."""
    touched.add(Rank.IDENTITY_GROUP, {str(group) for group in groups_claimed(codes)})


def _by_registration(rows: Iterable[Belonging]) -> Mapping[UUID, list[Belonging]]:
    found: dict[UUID, list[Belonging]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row)
    return found


def _latest(rows: Iterable[Belonging]) -> Belonging:
    """Return the latest word of a lead, or else of the machine: what an erasure says undoes no lead's word."""
    return max(
        rows, key=lambda row: (not row.is_by_machine, row.effective_at or _BEFORE_ALL, row.link or row.id)
    )


def _group(rows: Iterable[Belonging]) -> Group:
    return group_by(_latest(rows))


def default_group(row: Belonging) -> Group:
    """The group that a registration is in while nobody has spoken of it."""
    return row.identity_group or row.id


def _linked(row: Belonging) -> Group | None:
    """The group that a link leads to; unlinking gives a group of its own. None without a link."""
    if row.link is None:
        return None
    return (row.targets_group or row.named_group) if row.is_linked else row.link
