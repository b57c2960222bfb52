"""Campaigns of one station and its province, drawn at will: everything that can go right, late or wrong."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

from hypothesis import strategies as st

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.marks import Reason
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.protocol.kinds import Fields
from tests.cast import MORNING, PHU_MY, POSTS, QL51, QL56, TRAVELLERS, Person, Staff
from tests.correcting import correction_of
from tests.device import MINUTE, Station, collection_facts, deed_of, result_facts
from tests.signing import WHAT_RESULTS_MEAN, Signing
from tests.testing import CORRECTED, KITS, VALUES, methods, tested

Act = tuple[str, int, int]
Tube = tuple[str, str]
# A facility that nobody knows at the beginning.
NEW_FACILITY = "tram-y-te-moi"


@dataclass
class Campaign(Signing):
    """What happened, in the order in which it happened; `entries` travel in any other."""

    staff: Staff
    here: Station
    elsewhere: Station
    entries: list[bytes] = field(default_factory=list)
    registrations: list[tuple[UUID, str]] = field(default_factory=list)
    declarations: list[UUID] = field(default_factory=list)
    corrections: list[UUID] = field(default_factory=list)
    groups: list[UUID] = field(default_factory=list)
    collections: list[tuple[UUID, Tube]] = field(default_factory=list)
    results: list[tuple[UUID, Tube]] = field(default_factory=list)
    contacts: list[UUID] = field(default_factory=list)
    doubted: list[UUID] = field(default_factory=list)
    grants: list[UUID] = field(default_factory=list)
    appointments: list[UUID] = field(default_factory=list)
    rules: list[UUID] = field(default_factory=list)
    count: int = 0

    def begin(self) -> None:
        """Start both shifts; their entries travel like all others."""
        self.keep(self.here, "shift.started", self._shift(self.here, self.staff.officer.id))
        self.elsewhere.actor = self.staff.officer_elsewhere.id
        facts = self._shift(self.elsewhere, self.elsewhere.actor) | {"post": POSTS[QL56]}
        self.keep(self.elsewhere, "shift.started", facts)

    def new_id(self) -> UUID:
        """Return an identifier that is the same in every run, and in no order."""
        self.count += 1
        return UUID(bytes=hashlib.blake2b(self.count.to_bytes(4, "big"), digest_size=16).digest())

    def keep(self, station: Station, kind: str, facts: Any, personal: Any = None) -> UUID:
        """Write one entry at a station."""
        id = self.new_id()
        station.minute += 1
        self.entries.append(station.entry(kind, facts, personal, id=id))
        return id

    def keep_at_office(self, kind: str, facts: Any, actor: UUID | None, personal: Any = None) -> UUID:
        """Write one entry at the province's server."""
        id = self.new_id()
        at = MORNING + (self.count + 60) * MINUTE
        self.entries.append(sign_deed(deed_of(kind, facts, personal, actor=actor, id=id), at))
        return id

    def act(self, act: Act) -> None:
        """Let one thing happen."""
        name, one, two = act
        ACTS[name](self, one, two)

    def register(self, one: int, two: int) -> None:
        """Someone is registered: at the window, or by phone; a code can be claimed twice, or one have two codes."""
        person = TRAVELLERS[one % len(TRAVELLERS)]
        facts, personal = person.facts() | {"person_code": _code(person, one)}, person.personal()
        id = self._keep_here_or_there("person.registered", facts, personal, is_here=bool(two % 2))
        self.registrations.append((id, facts["person_code"]))

    def declare(self, one: int, two: int) -> None:
        """Someone declares a journey; of some nobody ever says who they are."""
        person = TRAVELLERS[one % len(TRAVELLERS)]
        known = [*self.registrations, (UUID(int=98), _code(person, one))]
        registration, code = known[two % len(known)]
        facts = person.journey(registration) | {"person_code": code}
        id = self._keep_here_or_there(
            "declaration.submitted", facts, person.journey_personal(), is_here=bool(one % 2)
        )
        self.declarations.append(id)

    def _keep_here_or_there(self, kind: str, facts: Any, personal: Any, *, is_here: bool) -> UUID:
        """Write one entry at the window, or as a citizen's at the province's server."""
        if is_here:
            return self.keep(self.here, kind, facts, personal)
        return self.keep_at_office(kind, facts, None, personal)

    def collect(self, one: int, two: int) -> None:
        """A tube is closed; of four tubes, so that some are used twice."""
        tube = _tube(one, 4)
        codes = [_code(each, two) for place, each in enumerate(TRAVELLERS) if (two % 31 + 1) >> place & 1]
        facts = collection_facts(tube[1], codes) | {"facility": tube[0], "kit": KITS[one % 2]}
        if one % 3 == 0:
            facts["members"] = [self._named(member, one) for member in facts["members"]]
        self.collections.append((self.keep(self.here, "specimen.collected", facts), tube))

    def _named(self, member: dict[str, Any], one: int) -> dict[str, Any]:
        """The member by whoever claimed the code, by another's registration, or by none."""
        claims = [id for id, code in self.registrations if code == member["person_code"] or one % 5 == 0]
        seen = ("card", "document", "known", "no")[one % 4]
        said = {"registration": claims[one % len(claims)] if claims else None, "identity_seen": seen}
        return member | said | ({"category": None} if one % 2 else {})

    def result(self, one: int, two: int) -> None:
        """A tube's result; the fifth tube is never sampled."""
        tube = _tube(one, 5)
        facts = result_facts(tube[1].lower(), VALUES[two % len(VALUES)], tube[0]) | tested(one + two)
        if facts["value"] == "read_late":
            facts["line_seen"] = bool(one % 2)
        self.results.append((self.keep(self.here, "result.recorded", facts), tube))

    def correct(self, one: int, two: int) -> None:
        """A result is corrected: a known one, a correction itself, or one that nobody ever recorded."""
        known = [*self.results, (UUID(int=99), _tube(0, 4))]
        corrects, tube = known[one % len(known)]
        facts = {
            "facility": tube[0],
            "tube": tube[1],
            "value": CORRECTED[two % len(CORRECTED)],
            "corrects": corrects,
            "reason": "wrong_value",
        }
        self.results.append((self.keep(self.here, "result.corrected", facts), tube))

    def resolve_collection(self, one: int, two: int) -> None:
        """A lead says which collection stands, knowing of all or of this one alone."""
        if self.collections:
            at: Fields = {"sampled_at": "2021-07-25T01:30:00.000Z", "people": []}
            if two % 3 == 0:
                claims = (
                    [self.registrations[(one + two) % len(self.registrations)]] if self.registrations else []
                )
                at["people"] = [{"person_code": code, "registration": id} for id, code in claims]
            self._resolve("specimen.resolved", self.collections, at, one, two)

    def resolve_result(self, one: int, two: int) -> None:
        """A lead says which result stands."""
        if self.results:
            at = {"resulted_at": "2021-07-25T02:30:00.000Z"}
            self._resolve("result.resolved", self.results, at, one, two)

    def meddle(self, one: int, two: int) -> None:
        """An officer of another checkpoint writes about our tube: held until a lead admits it."""
        facts = result_facts(f"BR{one % 4}", CORRECTED[two % len(CORRECTED)])
        self.doubted.append(self.keep(self.elsewhere, "result.recorded", facts))

    def start_late(self, one: int, two: int) -> None:
        """Another member takes over: with a good ticket, or with one that is nobody's."""
        self.here.actor = (self.staff.lead, self.staff.officer)[one % 2].id
        facts = self._shift(self.here, self.here.actor)
        if two % 2:
            facts["ticket"] = "e30.AAAA"
        self.doubted.append(self.keep(self.here, "shift.started", facts))

    def withdraw(self, one: int, two: int) -> None:
        """Something is taken back: by whoever is at work there, or by a lead at the office; not all of it may be."""
        done = [id for id, _ in (*self.collections, *self.results)] + self._personal + self.contacts
        if done:
            facts = {"entry": done[one % len(done)], "reason": "wrong_tube"}
            if two % 2:
                self.keep(self.here, "entry.withdrawn", facts)
            else:
                self.keep_at_office("entry.withdrawn", facts, self.staff.lead.id)

    def end_shift(self, one: int, two: int) -> None:
        """The shift ends, and the officer may go on all the same, or begin another one."""
        self.keep(self.here, "shift.ended", {})
        if two % 2:
            self.keep(self.here, "shift.started", self._shift(self.here, self.staff.officer.id))

    def assign(self, one: int, two: int) -> None:
        """A grant is given, ended, or its member leaves: late, early, or for a time long past."""
        at = wire_time(MORNING + timedelta(minutes=two - 10))
        member = (self.staff.officer, self.staff.officer_elsewhere)[one % 2].id
        if one % 3 == 0:
            facility = (PHU_MY, NEW_FACILITY)[two % 2]
            facts = methods(two, member=member, role="officer", since=at, facility=facility)
            self.grants.append(self.keep_at_office("grant.given", facts, self.staff.lead.id))
        elif one % 3 == 1 and self.grants:
            facts = {"grant": self.grants[two % len(self.grants)], "at": at}
            self.keep_at_office("grant.ended", facts, self.staff.lead.id)
        elif two % 7 == 0:
            self.keep_at_office("member.left", {"member": member, "at": at}, self.staff.lead.id)

    def appoint(self, one: int, two: int) -> None:
        """The technician leads the facility from a time on, or until then: what they decided may lie outside."""
        at = wire_time(MORNING + timedelta(minutes=two * 2 - 10))
        if one % 2 and self.appointments:
            facts = {"grant": self.appointments[two % len(self.appointments)], "at": at}
            self.keep_at_office("grant.ended", facts, self.staff.lead.id)
        else:
            facts = methods(one, member=self.staff.technician.id, role="lead", since=at, facility=PHU_MY)
            self.appointments.append(self.keep_at_office("grant.given", facts, self.staff.lead.id))

    def authorise(self, one: int, two: int) -> None:
        """A facility that has long been at work is registered, or authorised from then on, only now."""
        if two % 2:
            facts = {"facility": NEW_FACILITY, "name": f"Trạm {one}"}
            self.keep_at_office("facility.registered", facts, self.staff.lead.id)
            return
        since = wire_time(MORNING + timedelta(minutes=one - 10))
        facts = methods(one, facility=NEW_FACILITY, since=since, document="QĐ 9")
        self.keep_at_office("facility.authorised", facts, self.staff.lead.id)

    def revoke(self, one: int, two: int) -> None:
        """The station is lost, and revoked; work goes on at another one."""
        self.keep_at_office("device.revoked", {"device": self.here.id}, self.staff.lead.id)
        self.here = Station(minute=self.here.minute)
        self.here.enrol()
        self.keep(self.here, "shift.started", self._shift(self.here, self.staff.officer.id))

    def rule(self, one: int, two: int) -> None:
        """A rule is enacted, or repealed: for some or all, from before or after the results it speaks of."""
        at = wire_time(MORNING + timedelta(minutes=two * 3 - 10))
        if one % 3 and self.rules:
            facts = {"rule": self.rules[two % len(self.rules)], "at": at}
            self.keep_at_office("rule.repealed", facts, self.staff.lead.id)
            return
        facts = {
            "code": f"rule-{one}",
            "anchor": ("sampled", "resulted")[two % 2],
            "valid_for_hours": 24 + one,
            "effective_from": at,
            "legal_reference": "UBND",
            "category": (None, "goods_driver")[one % 2],
            "territory": (None, {"scheme": "nso-2021", "code": "79"})[one % 5 == 0],
        }
        facts = facts | WHAT_RESULTS_MEAN[one % 2] if two % 4 == 3 else facts
        self.rules.append(self.keep_at_office("rule.enacted", facts, self.staff.lead.id))

    def inspect(self, one: int, two: int) -> None:
        """The department stops a facility for a while."""
        at = wire_time(MORNING + timedelta(minutes=two))
        if one % 2:
            facts = {"facility": PHU_MY, "at": at, "reason": "quality"}
            self.keep_at_office("facility.suspended", facts, self.staff.lead.id)
        else:
            self.keep_at_office("facility.reinstated", {"facility": PHU_MY, "at": at}, self.staff.lead.id)

    def judge(self, one: int, two: int) -> None:
        """A lead admits or refuses what is held, at the office or at the station."""
        if self.doubted:
            facts = {"entry": self.doubted[one % len(self.doubted)]}
            kind = ("entry.admitted", "entry.refused")[two % 2]
            if two % 3:
                self.keep_at_office(kind, facts, self.staff.lead.id)
            else:
                self.keep(self.here, kind, facts)

    @property
    def _personal(self) -> list[UUID]:
        """Every entry that identifies somebody."""
        return [*(id for id, _ in self.registrations), *self.declarations, *self.corrections]

    def link(self, one: int, two: int) -> None:
        """A lead says that a registration is of a group, or is nobody else's."""
        if self.registrations:
            first, second = (self.registrations[each % len(self.registrations)][0] for each in (one, two))
            kind, named = (
                ("registration.linked", {"group": second}) if one % 2 else ("registration.unlinked", {})
            )
            said = {"registration": first, "reason": "papers_seen"} | named
            self.groups.append(self.keep_at_office(kind, said, self.staff.lead.id))
            if one % 4 == 2:  # into the group that somebody was given by unlinking
                facts = {"registration": second, "group": self.groups[-1], "reason": "other"}
                self.keep_at_office("registration.linked", facts, self.staff.lead.id)

    def rename(self, one: int, two: int) -> None:
        """A lead says anew who somebody is, perhaps before they come: a name, a birth, or another's number."""
        known = [*self.registrations, (UUID(int=97), TRAVELLERS[0].code)]
        registration, code = known[one % len(known)]
        said: dict[str, Any] = {}
        if two % 2:
            said |= {"full_name": TRAVELLERS[two % 3].full_name}
        if two % 3 == 0:
            said |= {"born": TRAVELLERS[one % 3].birth}
        if two % 5 == 0 or not said:
            said |= {"id_number": TRAVELLERS[one % 4].id_number}
        facts, personal = correction_of(registration, code, **said)
        self.corrections.append(self.keep_at_office("person.corrected", facts, self.staff.lead.id, personal))

    def contact(self, one: int, two: int) -> None:
        """A lead calls somebody about a tube, whether or not there is a reason."""
        person, reason = TRAVELLERS[one % len(TRAVELLERS)], ("positive", "recall", "overdue")[two % 3]
        facts = {
            "facility": PHU_MY,
            "tube": f"BR{one % 4}",
            "person_code": None if reason == "overdue" else person.code,
            "reason": reason,
            "outcome": ("reached", "not_reached", "wrong_number")[two % 5 % 3],
        }
        self.contacts.append(self.keep_at_office("followup.contacted", facts, self.staff.lead.id))

    def erase(self, one: int, two: int) -> None:
        """The data protection officer has the personal part of a registration, a journey or a correction blanked."""
        if self._personal:
            entry = self._personal[one % len(self._personal)]
            facts = {"entry": entry, "basis": "request"}
            self.keep_at_office("personal.erased", facts, self.staff.data_protection.id)

    def reboot(self, one: int, two: int) -> None:
        """The station starts again and does not know its clock, which may be hours off."""
        self.here.boot, self.here.is_measured = self.new_id(), False
        self.here.skew = timedelta(hours=(0, 0, 3, -5, -24 * 40)[two % 5])

    def measure(self, one: int, two: int) -> None:
        """The station reaches the server and measures its clock."""
        self.here.minute += 1
        self.entries.append(self.here.measure_clock(id=self.new_id()))

    def settle_clock(self, one: int, two: int) -> None:
        """A lead says what time it was in the running boot."""
        facts = {"log": self.here.log, "boot": self.here.boot, "reason": "compared"}
        facts["anchor"] = unix_ms(MORNING + timedelta(minutes=two - 30))
        self.keep_at_office("clock.settled", facts, self.staff.lead.id)

    def jump(self, one: int, two: int) -> None:
        """The wall clock jumps."""
        self.here.skew = timedelta(minutes=(0, 4, 6, -90)[one % 4])
        self.keep(self.here, "clock.jumped", {"by": 1000 * one})

    def go_back(self, one: int, two: int) -> None:
        """The counter of a new boot begins earlier: what follows is dated before what was."""
        self.reboot(one, 0)
        self.here.is_measured = True
        self.here.minute = max(1.0, self.here.minute - 40)

    def _resolve(self, kind: str, known: list[tuple[UUID, Tube]], at: Fields, one: int, two: int) -> None:
        """A word of the lead or of the technician, who may lead; of all or of one, of every reason or of none."""
        stands, tube = known[one % len(known)]
        considered = [id for id, each in known if each == tube] if two % 2 else [stands]
        marked = [{"entry": each, "reasons": get_args(Reason)} for each in considered] if two % 3 else []
        facts = {"facility": tube[0], "tube": tube[1], "stands": stands, "considered": considered}
        speaker = (self.staff.lead, self.staff.technician)[one % 2]
        self.keep_at_office(kind, facts | at | {"marked": marked}, speaker.id)

    def _shift(self, station: Station, member: UUID) -> dict[str, Any]:
        station.actor = member
        names = {each.id: each for each in vars(self.staff).values()}
        return {"post": POSTS[QL51], "ticket": station.ticket(names[member])}


_NAMES = (
    "countersign tell "
    "register declare collect result correct resolve_collection resolve_result meddle start_late "
    "end_shift withdraw judge link rename contact rule assign inspect erase reboot measure settle_clock revoke "
    "appoint authorise jump go_back"
)
ACTS: dict[str, Callable[[Campaign, int, int], None]] = {
    name: getattr(Campaign, name) for name in _NAMES.split()
}
# A revocation is decided about what was not seen before it: beside its device's entries it has no order of its own.
IN_ANY_ORDER = sorted(ACTS.keys() - {"revoke"})
_USUAL = ("register", "collect", "result", "correct", "countersign")
ONE_ACT = st.tuples(
    st.one_of(st.sampled_from(_USUAL), st.sampled_from(sorted(ACTS))), st.integers(0, 60), st.integers(0, 60)
)
CAMPAIGNS = st.lists(ONE_ACT, min_size=4, max_size=40)


def _tube(one: int, count: int) -> Tube:
    """One of so many tubes; some are of a facility that may not be known yet."""
    return (NEW_FACILITY if one % 7 == 6 else PHU_MY, f"BR{one % count}")


def _code(person: Person, number: int) -> str:
    """The person's code, or their second one."""
    is_second = number % 6 == 5
    return new_code(CodeType.PERSON, person.full_name.encode()[:16]) if is_second else person.code


def carry_out(acts: list[Act], staff: Staff) -> Campaign:
    """Let a campaign happen at two enrolled stations."""
    here, elsewhere = Station(), Station()
    here.enrol()
    elsewhere.enrol()
    campaign = Campaign(staff, here, elsewhere)
    campaign.begin()
    for act in acts:
        campaign.act(act)
    return campaign
