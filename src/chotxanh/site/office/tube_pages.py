"""What the page of disputed tubes shows of each: what was recorded, by whom, where, about whom (names masked)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.domain.marks import Mark, is_removed
from chotxanh.domain.names import mask_name
from chotxanh.language.texts import catalogue, text
from chotxanh.ledger.queries import device_names_of
from chotxanh.people.queries import personal_of, registrations_of
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.posts.entries import PostRow
from chotxanh.registers.posts.sites import posts_named
from chotxanh.registers.staff.models import Member
from chotxanh.results.queries import DisputedTube


@dataclass(frozen=True)
class Recorded:
    """One sampling or one result: what it says, who recorded it where on what, whether its clock is doubtful."""

    id: UUID
    word: str
    at: datetime
    officer: str
    place: tuple[str, ...]
    is_doubtful: bool
    is_withdrawn: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class TubePage:
    """One disputed tube."""

    facility: str
    facility_name: str
    tube: str
    reasons: tuple[str, ...]
    collections: tuple[Recorded, ...]
    results: tuple[Recorded, ...]


@dataclass(frozen=True)
class _Names:
    """Names of everything a page of tubes mentions, read at once."""

    facilities: dict[str, str]
    posts: dict[UUID, PostRow]
    devices: dict[UUID, str]
    officers: dict[UUID, str]
    people: dict[str, str]

    def officer(self, actor: UUID | None) -> str:
        return self.officers.get(actor, "") if actor else ""

    def place(self, entry: UUID, post: UUID | None = None) -> tuple[str, ...]:
        """Where an entry was made, as far as it says: site, post, device."""
        known = self.posts.get(post) if post else None
        words: tuple[str, ...] = (known.site_name, known.name) if known else ()
        words += (self.devices.get(entry, ""),)
        return tuple(word for word in words if word)


def tube_pages(tubes: Sequence[DisputedTube]) -> list[TubePage]:
    """Every tube with the words a lead needs to decide."""
    names = _names(tubes)
    return [
        TubePage(
            facility=tube.facility,
            facility_name=names.facilities.get(tube.facility, tube.facility),
            tube=tube.tube,
            reasons=tuple(_reason(code) for code in tube.reasons),
            collections=_collections(tube, names),
            results=_results(tube, names),
        )
        for tube in tubes
    ]


def _collections(tube: DisputedTube, names: _Names) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            id=each.id,
            word=text("office.people_count", count=len(tube.members.get(each.id, ()))),
            at=each.sampled_at,
            officer=names.officer(each.actor),
            place=names.place(each.id, each.post),
            is_doubtful=bool(each.marks & Mark.TIME_DOUBTFUL),
            is_withdrawn=is_removed(each.marks),
            people=tuple(names.people[code] for code in tube.members.get(each.id, ())),
        )
        for each in tube.collections
    )


def _results(tube: DisputedTube, names: _Names) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            id=each.id,
            word=text(f"verify.result.{each.value}"),
            at=each.resulted_at,
            officer=names.officer(each.actor),
            place=names.place(each.id),
            is_doubtful=bool(each.marks & Mark.TIME_DOUBTFUL),
            is_withdrawn=is_removed(each.marks),
        )
        for each in tube.results
    )


def _names(tubes: Sequence[DisputedTube]) -> _Names:
    actors = {each.actor for tube in tubes for each in tube.collections if each.actor}
    actors |= {each.actor for tube in tubes for each in tube.results if each.actor}
    entries = [each.id for tube in tubes for each in tube.collections]
    entries += [each.id for tube in tubes for each in tube.results]
    codes = {code for tube in tubes for members in tube.members.values() for code in members}
    return _Names(
        facilities=dict(Facility.objects.values_list("code", "name")),
        posts=posts_named({each.post for tube in tubes for each in tube.collections}),
        devices=device_names_of(entries),
        officers=dict(Member.objects.filter(id__in=actors).values_list("id", "full_name")),
        people=_masked(codes),
    )


def _masked(codes: Iterable[str]) -> dict[str, str]:
    """Who each code is, as much as a lead needs to ask the right people: masked name and year of birth."""
    wanted = sorted(codes)
    registrations = registrations_of(wanted)
    details = personal_of([each.id for each in registrations.values()])
    people = {}
    for code in wanted:
        registration = registrations.get(code)
        personal = details.get(registration.id) if registration else None
        if registration is None or personal is None:
            people[code] = text("office.unknown_person")
        else:
            people[code] = f"{mask_name(personal.full_name)}, {registration.birth_year}"
    return people


def _reason(code: str) -> str:
    key = f"office.reason_{code}"
    return text(key) if key in catalogue() else text("office.reason_other", code=code)
