"""What the call list shows of each call: who, by what number, since when, whose turn it is, what was tried."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from chotxanh.declarations.queries import last_journeys
from chotxanh.domain.methods import Method
from chotxanh.domain.names import mask_name
from chotxanh.domain.phones import show_phone
from chotxanh.language.formats import show_time
from chotxanh.language.texts import catalogue, text
from chotxanh.people.details import Personal
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of, registrations_claiming
from chotxanh.pictures.drawing import qr_svg
from chotxanh.registers.facilities.models import Facility
from chotxanh.registers.posts.sites import site_names
from chotxanh.results.awaited import rt_pcr_taken_at
from chotxanh.results.followups.lists import escalated_among, last_contacts_about
from chotxanh.results.followups.models import Call, Contact, OverdueTube
from chotxanh.results.followups.payloads import TOLD, Reason
from chotxanh.results.orders import only_by_rt_pcr, positive_by_rt_pcr
from chotxanh.site.office.names import NOBODY, Officer, either, officers_named
from chotxanh.specimens.models import CollectionMember, Tube

UNANSWERED_TWICE = 2
_POSITIVE_BY_RT_PCR = f"positive.{Method.RT_PCR}"


@dataclass(frozen=True)
class Callee:
    """One person as a caller needs them; `phone` is E.164. Empty where the personal part was erased."""

    name: str
    birth_year: str
    phone: str
    plate: str
    is_english: bool

    @property
    def shown_phone(self) -> str:
        """The number as people read it."""
        return show_phone(self.phone) if self.phone else ""

    @property
    def phone_qr(self) -> SafeString:
        """A code that lets a phone dial what this screen shows."""
        drawing = qr_svg(f"tel:{self.phone}", label=text("calls.qr_label"), error_correction="M")
        return mark_safe(drawing)  # noqa: S308 - drawn here, its label escaped


@dataclass(frozen=True)
class Claimed:
    """Whoever claims one person code, the first registered first; more than one is asked before anything is told."""

    people: tuple[Callee, ...]

    @property
    def name(self) -> str:
        """Every name."""
        return either(each.name for each in self.people)

    @property
    def birth_year(self) -> str:
        """Every year of birth."""
        return either(each.birth_year for each in self.people)


@dataclass(frozen=True)
class Place:
    """Where the sample was taken, and which facility answers for it."""

    site: str
    facility: str


@dataclass(frozen=True)
class CallView:
    """One call; `matter` is why, and by which test where that decides what is said.

    `rt_pcr_taken_at` is when the sample for RT-PCR that it asks for was taken (UTC); None while it is not.
    """

    call: Call
    barcode: str
    callee: Claimed
    place: Place
    waited: str
    is_escalated: bool
    last: str
    matter: str
    rt_pcr_taken_at: datetime | None

    @property
    def reason(self) -> str:
        """What is so, in words."""
        key = f"calls.reason.{self.matter}"
        of_taken = f"{key}.taken"
        return text(of_taken if self.rt_pcr_taken_at and of_taken in catalogue() else key)

    @property
    def act(self) -> str:
        """What the caller must bring about."""
        if self.rt_pcr_taken_at is not None:
            return text("calls.act.taken", time=show_time(self.rt_pcr_taken_at))
        return text(f"calls.act.{self.matter}")


@dataclass(frozen=True)
class OverdueView:
    """One tube without its result; names are masked until somebody opens it.

    `last` tells the contact by which its people were told, else the latest; `last_contact` is its entry.
    """

    tube: OverdueTube
    barcode: str
    place: Place
    waited: str
    people: int
    plates: tuple[str, ...]
    last: str
    last_contact: UUID | None

    @property
    def people_words(self) -> str:
        """How many people wait."""
        return text("office.one_person" if self.people == 1 else "office.people_count", count=self.people)


@dataclass(frozen=True)
class NotedView:
    """What was noted just now: its entry, whom or which tube it was about, and what came of it."""

    entry: UUID
    name: str
    outcome: str


def call_views(calls: Sequence[Call], now: datetime, *, masked: bool = False) -> list[CallView]:
    """Every call with the words a caller needs; `now` is UTC."""
    people = callees_of([call.person_code for call in calls], masked=masked)
    escalated = escalated_among([call.key for call in calls])
    places = _Places()
    callers = officers_named(call.last_caller for call in calls)
    matters = _matters(calls)
    taken = rt_pcr_taken_at({call.person_code for call in calls})
    return [
        CallView(
            call=call,
            barcode=_barcode(call.tube),
            callee=people[call.person_code],
            place=places.of(call.site, call.facility),
            waited=words_for(now - call.known_at),
            is_escalated=call.key in escalated or call.unanswered >= UNANSWERED_TWICE,
            last=_last(call.last_called_at, call.last_outcome, callers.get(call.last_caller, NOBODY)),
            matter=matters[call.key],
            rt_pcr_taken_at=_answering(taken.get(call.person_code), call, matters[call.key]),
        )
        for call in calls
    ]


def overdue_views(tubes: Sequence[OverdueTube], now: datetime) -> list[OverdueView]:
    """Every overdue tube with how many people wait for it, and in which vehicles."""
    members = people_in([tube.tube for tube in tubes])
    people = callees_of([code for codes in members.values() for code in codes], masked=True)
    contacts = last_contacts_about([tube.tube for tube in tubes])
    places = _Places()
    callers = officers_named(contact.actor for contact in contacts.values())
    return [
        OverdueView(
            tube=tube,
            barcode=_barcode(tube.tube),
            place=places.of(tube.site, tube.facility),
            waited=words_for(now - tube.sampled_at),
            people=len(members[tube.tube]),
            plates=_plates(each for code in members[tube.tube] for each in people[code].people),
            last=_last_about(contacts.get(tube.tube), callers),
            last_contact=contacts[tube.tube].id if tube.tube in contacts else None,
        )
        for tube in tubes
    ]


def noted_view(contact: Contact) -> NotedView:
    """What was noted just now, by the name that was called, so that a wrong press is seen."""
    is_tube = not contact.person_code
    name = (
        text("office.tube_named", tube=_barcode(contact.tube)) if is_tube else _name_of(contact.person_code)
    )
    is_told = is_tube and contact.outcome in TOLD
    words = text("calls.told" if is_told else f"calls.outcome.{contact.outcome}")
    return NotedView(contact.id, name, words[:1].lower() + words[1:])


def people_in(tubes: Sequence[str]) -> dict[str, list[str]]:
    """Return the codes of the people in each of these tubes, by the collection that stands."""
    current = dict(Tube.objects.filter(key__in=tubes).values_list("key", "collection"))
    found: dict[str, list[str]] = {tube: [] for tube in tubes}
    for member in CollectionMember.objects.filter(tube__in=tubes).order_by("key"):
        if current.get(member.tube) == member.collection:
            found[member.tube].append(member.person_code)
    return found


def callees_of(codes: Iterable[str], *, masked: bool = False) -> dict[str, Claimed]:
    """Who claims each code; masked, only as much as tells people apart."""
    wanted = sorted(set(codes))
    claims = registrations_claiming(wanted)
    registrations = [each.id for claiming in claims.values() for each in claiming]
    details, journeys = personal_of(registrations), last_journeys(registrations)
    plates = {id: journey.plate or "" for id, journey in journeys.items()}
    return {
        code: Claimed(
            tuple(_callee(each, details, plates, masked=masked) for each in claims.get(code, [None]))
        )
        for code in wanted
    }


def words_for(length: timedelta) -> str:
    """Return a length of time as people say it: `12 phút`, `3 giờ 5 phút`, `2 ngày`."""
    minutes = max(length, timedelta(0)) // timedelta(minutes=1)
    if minutes < 60:
        return text("calls.minutes", minutes=minutes)
    if minutes < 48 * 60:
        return text("calls.hours", hours=minutes // 60, minutes=minutes % 60)
    return text("calls.days", days=minutes // (24 * 60))


class _Places:
    """The names of sites and facilities, read once."""

    def __init__(self) -> None:
        self._sites = site_names()
        self._facilities = dict(Facility.objects.values_list("code", "name"))

    def of(self, site: str, facility: str) -> Place:
        """The names, or the codes as written where they are unknown."""
        return Place(self._sites.get(site, site), self._facilities.get(facility, facility))


def _matters(calls: Sequence[Call]) -> dict[str, str]:
    """Why each is called: a rapid positive and one by RT-PCR, a recall and one for RT-PCR are told apart."""
    tubes = {call.tube for call in calls}
    found, asked = positive_by_rt_pcr(tubes), only_by_rt_pcr(tubes)
    matters = {}
    for call in calls:
        matters[call.key] = call.reason
        if call.reason == Reason.POSITIVE:
            matters[call.key] = f"positive.{Method.RT_PCR if call.tube in found else Method.AG_RAPID}"
        elif call.reason == Reason.RECALL and call.tube in asked:
            matters[call.key] = f"recall_{Method.RT_PCR}"
    return matters


def _answering(taken_at: datetime | None, call: Call, matter: str) -> datetime | None:
    """The sample taken since, where it can answer what the call is about: nothing answers an RT-PCR positive."""
    is_answer = taken_at is not None and taken_at > call.known_at and matter != _POSITIVE_BY_RT_PCR
    return taken_at if is_answer else None


def _callee(
    registration: Registration | None,
    details: Mapping[UUID, Personal],
    plates: Mapping[UUID, str],
    *,
    masked: bool,
) -> Callee:
    personal = details.get(registration.id) if registration else None
    if registration is None or personal is None:
        return Callee(text("office.unknown_person"), "", "", "", is_english=False)
    return Callee(
        name=mask_name(personal.full_name) if masked else personal.full_name,
        birth_year=str(registration.birth_year),
        phone="" if masked else personal.phone or "",
        plate=plates.get(registration.id, ""),
        is_english=registration.language == "en",
    )


def _name_of(code: str) -> str:
    return callees_of([code])[code].name


def _plates(people: Iterable[Callee]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.plate for each in people if each.plate))


def _last_about(contact: Contact | None, callers: Mapping[UUID | None, Officer]) -> str:
    if contact is None:
        return ""
    return _last(contact.contacted_at, contact.outcome, callers.get(contact.actor, NOBODY))


def _last(called_at: datetime | None, outcome: str, caller: Officer) -> str:
    if called_at is None:
        return ""
    words = text(f"calls.outcome.{outcome}")
    return text("calls.last", time=show_time(called_at), name=caller.name or "?", outcome=words)


def _barcode(tube: str) -> str:
    return tube.partition("/")[2]
