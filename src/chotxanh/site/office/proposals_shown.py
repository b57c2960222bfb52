"""Who may be the same person, side by side: what is equal, what differs and where, all of it masked."""

from collections.abc import Sequence
from dataclasses import dataclass

from chotxanh.domain.likeness import Alike, Apart, Likeness
from chotxanh.language.texts import text
from chotxanh.people.models import Registration
from chotxanh.people.proposals import evidence_between, proposals_for
from chotxanh.site.office.people_shown import ShownPerson, masked_people

_SLIPS = frozenset({Alike.ONE_OFF, Alike.SWAPPED, Alike.WITHOUT_MARKS})
_SAYS_NOTHING = frozenset({Alike.UNKNOWN, Alike.OTHER_PAPER})


@dataclass(frozen=True)
class EvidenceLine:
    """One thing of both, masked, and in words how it compares; `sign` and `tag` show the same."""

    label: str
    one: str
    other: str
    words: str
    sign: str
    tag: str


@dataclass(frozen=True)
class ShownProposal:
    """Another registration beside this one. `apart` says why the two are not proposed as one; empty where they are."""

    other: ShownPerson
    lines: Sequence[EvidenceLine]
    apart: str
    was_parted: bool


@dataclass(frozen=True)
class ShownProposals:
    """Who may be the same person, and who shares much and is not; `is_cut` where not all were compared."""

    proposed: Sequence[ShownProposal]
    apart: Sequence[ShownProposal]
    is_cut: bool

    @property
    def codes(self) -> set[str]:
        """The codes of everybody who is shown."""
        return {each.other.plain_code for each in (*self.proposed, *self.apart)}


def shown_proposals(registration: Registration) -> ShownProposals:
    """Return who may be the same person, masked, and those who share much and are not."""
    found = proposals_for(registration)
    others = [each.other for each in found.proposals]
    one, *shown = masked_people([registration, *others])
    rows = [
        _shown(one, person, each.evidence, was_parted=each.was_parted)
        for person, each in zip(shown, found.proposals, strict=True)
    ]
    return ShownProposals(
        [row for row in rows if not row.apart], [row for row in rows if row.apart], found.is_cut
    )


def shown_beside(registration: Registration, other: Registration) -> ShownProposal | None:
    """Return one other registration beside this one; None where nothing speaks for one person."""
    evidence = evidence_between(registration, other)
    if evidence is None:
        return None
    one, person = masked_people([registration, other])
    return _shown(one, person, evidence, was_parted=False)


def _shown(one: ShownPerson, other: ShownPerson, evidence: Likeness, *, was_parted: bool) -> ShownProposal:
    lines = [
        _line("name", one.name, other.name, evidence.name),
        _line("birth", one.born, other.born, evidence.birth),
        _line("number", one.number, other.number, evidence.number, evidence.place),
        _line("phone", one.phone, other.phone, evidence.phone),
    ]
    return ShownProposal(other, lines, _apart(evidence), was_parted)


def _apart(evidence: Likeness) -> str:
    if evidence.apart is None:
        return ""
    if evidence.apart is Apart.NUMBERS:
        return text("office.apart_numbers", paper=text(f"office.paper.{evidence.paper}"))
    return text(f"office.apart_{evidence.apart}")


def _line(subject: str, one: str, other: str, alike: Alike, place: int = 0) -> EvidenceLine:
    nothing = text("office.person_nothing")
    sign, tag = _look_of(alike)
    return EvidenceLine(
        label=text(f"office.compared_{subject}"),
        one=one or nothing,
        other=other or nothing,
        words=text(f"office.compared.{alike}", place=place, next=place + 1),
        sign=sign,
        tag=tag,
    )


def _look_of(alike: Alike) -> tuple[str, str]:
    """Return the sign and the style of a comparison."""
    if alike is Alike.SAME:
        return "valid", "state-valid"
    if alike in _SLIPS:
        return "unknown", "state-wait"
    return "unknown" if alike in _SAYS_NOTHING else "not-genuine", "state-plain"
