"""The one registry of kinds: a kind of entry is one row, with all that the ledger needs to know of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import LEADS, NodeRole, Role
from chotxanh.domain.marks import EFFECTS, Effects, Mark
from chotxanh.domain.standing.times import Span
from chotxanh.domain.works import AT_POSTS
from chotxanh.protocol.loosening import loosened
from chotxanh.protocol.needs import NOTHING, Needs
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName, Showings
from chotxanh.protocol.tightening import tightened

F = TypeVar("F", bound=msgspec.Struct)
P = TypeVar("P")
Fields: TypeAlias = dict[str, Any]

PROVINCE = frozenset({NodeRole.PROVINCE})
FORMS = frozenset({NodeRole.PROVINCE, NodeRole.HUB})


class Happening(msgspec.Struct, Generic[F, P], frozen=True):
    """An authentic, allowed entry as features see it. `personal` is None if the kind has none or it was erased.

    `received_at` is when it came here first (UTC).
    `between` are the bounds of a time in doubt; None where `effective_at` is certain.
    """

    id: UUID
    kind: str
    device: UUID
    log: UUID | None
    seq: int | None
    actor: UUID | None
    effective_at: datetime
    marks: Mark
    facts: F
    personal: P | None
    received_at: datetime
    between: Span | None = None

    @property
    def span(self) -> Span:
        """When it happened, as far as that is known."""
        return self.between or Span.at(self.effective_at)


@dataclass
class Touched:
    """The keys of the aggregates that must be recomputed, by rank."""

    keys: dict[Rank, set[str]] = field(default_factory=lambda: {rank: set() for rank in Rank})
    showings: Showings = field(default_factory=Showings)
    people_to_decide: set[str] = field(default_factory=set)
    recomputing: Rank | None = None
    behind: set[tuple[str, str]] = field(default_factory=set)
    errands: dict[tuple[str, str], datetime | None] = field(default_factory=dict)
    authority_changed: set[tuple[str, str]] = field(default_factory=set)

    def announce(self, card: str, key: str) -> None:
        """Let the feed say that a card changed, wherever it is held."""
        self.showings.changed.add(CardName(card, key))

    def defer(self, level: str, key: str) -> None:
        """Say that a key of the deferred level is behind; the worker brings it up to date within seconds."""
        self.behind.add((level, key))

    def ask(self, errand: str, key: str, due_at: datetime) -> None:
        """Have the worker run an errand from `due_at` (UTC) on: it was decided and has no outcome yet."""
        self.errands[errand, key] = due_at

    def settle(self, errand: str, key: str) -> None:
        """Take an errand back: it has its outcome, or is not wanted any more."""
        self.errands[errand, key] = None

    def judge_again(self, what: str, key: str) -> None:
        """Let deeds be judged again whose authority changed: those of a `member`, or of a `facility`."""
        self.authority_changed.add((what, key))

    def add(self, rank: Rank, keys: Iterable[str]) -> None:
        """Mark aggregates of a rank as touched; a recompute marks only those of ranks above its own.

        Raises ValueError for another: its lock would be taken out of order.
        """
        if self.recomputing is not None and rank <= self.recomputing:
            raise ValueError(f"a recompute of rank {self.recomputing} touches rank {rank}")
        self.keys[rank].update(keys)


# Whoever leads a post stands there too; what only leads may decide is decided at the office.
AT_STATIONS = AT_POSTS - LEADS


@dataclass(frozen=True)
class Who:
    """Who may record a kind (a table, judged by the ledger).

    `roles`: members with one of these roles where the deed was done; without a role that works at stations only at the
    office (`is_offices`). `is_device`: any enrolled device, about itself.
    `citizens_at`: nodes that may record it for a citizen, without an actor. `nodes`: nodes that decide it themselves.
    """

    roles: frozenset[Role] = frozenset()
    is_device: bool = False
    citizens_at: frozenset[NodeRole] = frozenset()
    nodes: frozenset[NodeRole] = frozenset()

    @property
    def is_nodes_alone(self) -> bool:
        """Whether no person and no station may record it; nobody can admit it then."""
        return bool(self.nodes) and not self.roles and not self.is_device

    @property
    def is_offices(self) -> bool:
        """Whether it is decided at the office alone, where the server itself vouches for person and time.

        A station can be lent, lost or opened, and its clock turned back: what decides about others never comes from it.
        """
        return bool(self.roles) and not self.roles & AT_STATIONS

    @property
    def is_register(self) -> bool:
        """Whether it is an entry of a register: the office's, or the province's own when it is set up."""
        return bool(self.nodes and self.roles)


Check: TypeAlias = Callable[[Any, Any], None]


@dataclass(frozen=True)
class KindRow:
    """One version of a kind.

    `check` is what the door asks beyond types; it is never asked of what was stored. `upcast` turns the facts of this
    version (a JSON object) into those of the next. `place` is where the deed was done, `needs` the entries of registers
    it was done under. `changes_judging` is true of
    what decides how other entries are judged or kept, seen or not yet seen: it is recorded alone. `can_withdraw`
    says of which facts `entry.withdrawn` may speak, `can_admit` whether a lead can admit one that is held, and
    `needs_authorised_facility` whether a deed is marked whose facility was not authorised then, and `is_of_results`
    whether one is whose author or facility was not allowed the way of testing. `person` is the
    registration whose sealed part this one belongs to: it is erased together with it. `category` is that of personal
    data whose time of keeping it has. `words` name it in
    the office, Vietnamese and English. `example` and `example_personal` make its golden entry.
    """

    kind: str
    facts: type[msgspec.Struct]
    who: Who
    about: str
    words: tuple[str, str]
    example: Fields
    version: int = 1
    personal: type[msgspec.Struct] | None = None
    example_personal: Fields | None = None
    check: Check | None = None
    upcast: Callable[[Fields], Fields] | None = None
    place: Callable[[Any], Place] = lambda _facts: Place()
    needs: Callable[[Any], Needs] = lambda _facts: NOTHING
    changes_judging: bool = False
    can_withdraw: Callable[[Any], bool] | None = None
    can_admit: bool = True
    needs_authorised_facility: bool = False
    is_of_results: bool = False
    person: Callable[[Any], UUID] | None = None
    category: str = ""
    effects: Effects = field(default_factory=lambda: EFFECTS)


Apply: TypeAlias = Callable[[Sequence[Happening[Any, Any]], Touched], None]
Recompute: TypeAlias = Callable[[set[str], Touched], None]
Foresee: TypeAlias = Callable[[Sequence[Any]], None]
Parts: TypeAlias = Callable[[Collection[UUID]], Collection[UUID]]
Names: TypeAlias = Callable[[Collection[UUID]], Collection[str]]
Gone: TypeAlias = Callable[[Collection[str]], Collection[str]]
Decide: TypeAlias = Callable[[set[str], datetime], None]
Decoder: TypeAlias = "msgspec.json.Decoder[Any]"
MaybeDecoder: TypeAlias = "msgspec.json.Decoder[Any] | None"


@dataclass(frozen=True)
class Reader:
    """A kind's row with its decoders made once: strict ones for the door, loose ones for what was stored.

    The strict ones refuse members that no type names.
    """

    row: KindRow
    facts: Decoder
    personal: MaybeDecoder
    stored_personal: MaybeDecoder


_readers: dict[tuple[str, int], Reader] = {}
_newest: dict[str, KindRow] = {}
_by_payload: dict[type[msgspec.Struct], KindRow] = {}
_followers: list[tuple[frozenset[str], Apply]] = []
_foresights_of_all: list[Foresee] = []
_recomputes: dict[Rank, list[Recompute]] = {rank: [] for rank in Rank}
_foresights: dict[Rank, list[Recompute]] = {rank: [] for rank in Rank}
_deciders: list[Decide] = []
_parts: list[Parts] = []
_names: list[Names] = []
_gone: list[Gone] = []


def register(*rows: KindRow) -> None:
    """Declare kinds; called once by their owner when the application starts."""
    for row in rows:
        personal = msgspec.json.Decoder(tightened(row.personal)) if row.personal else None
        stored = msgspec.json.Decoder(loosened(row.personal)) if row.personal else None
        reader = Reader(row, msgspec.json.Decoder(tightened(row.facts)), personal, stored)
        _readers[row.kind, row.version] = reader
        if row.kind not in _newest or _newest[row.kind].version <= row.version:
            _newest[row.kind] = row
            _by_payload[row.facts] = row
    recorded_alone.cache_clear()


def forget(kind: str) -> None:
    """Take a kind out again: for tests that invent one."""
    for row in [each for each in known_kinds() if each.kind == kind]:
        del _readers[row.kind, row.version]
        _by_payload.pop(row.facts, None)
    _newest.pop(kind, None)
    recorded_alone.cache_clear()


def follow(payloads: Sequence[type[msgspec.Struct]], apply: Apply) -> None:
    """Let a feature store the facts of the kinds with these payloads, in floor order, in one transaction."""
    _followers.append((frozenset(row_of(payload).kind for payload in payloads), apply))


def foresee_with(foresee: Foresee) -> None:
    """Let a feature ask ahead for what storing a batch will need, given all its facts: in the ledger's own trip."""
    _foresights_of_all.append(foresee)


def recompute_at(rank: Rank, recompute: Recompute) -> None:
    """Let a feature recompute the aggregates of a rank, under their locks, in floor order."""
    _recomputes[rank].append(recompute)


def foresee_at(rank: Rank, foresee: Recompute) -> None:
    """Let a feature ask ahead for what recomputing a rank will need: it goes in one trip with the locks."""
    _foresights[rank].append(foresee)


def erase_with(parts: Parts) -> None:
    """Let a feature name the entries of its kinds whose `person` is one of these registrations."""
    _parts.append(parts)


def name_with(names: Names) -> None:
    """Let a feature say by which codes these entries name people, whether or not their text is still here."""
    _names.append(names)


def know_gone_with(gone: Gone) -> None:
    """Let a feature say of which of these codes everybody was erased."""
    _gone.append(gone)


def decide_with(decide: Decide) -> None:
    """Let a feature record what the server decides about people, after everything was recomputed."""
    _deciders.append(decide)


def reader_of(kind: str, version: int) -> Reader | None:
    """Return how to read this kind and version; None if this node does not know them."""
    return _readers.get((kind, version))


def newest(kind: str) -> KindRow:
    """Return the newest version of a known kind. Raises KeyError."""
    return _newest[kind]


def row_of(payload: type[msgspec.Struct]) -> KindRow:
    """Return the row whose facts have this type. Raises KeyError."""
    return _by_payload[payload]


def known_kinds() -> list[KindRow]:
    """Return every registered kind and version, in order of name."""
    return [reader.row for _, reader in sorted(_readers.items())]


def kinds_where(holds: Callable[[KindRow], bool]) -> frozenset[str]:
    """Return the kinds whose newest row answers yes."""
    return frozenset(kind for kind, row in _newest.items() if holds(row))


@cache
def recorded_alone() -> frozenset[str]:
    """Return the kinds that decide how other entries are judged or kept, and those of the registers.

    A register is reckoned from all its entries: two that did not see each other would each undo the other.
    """
    return kinds_where(lambda row: row.changes_judging or row.who.is_register)


def followers() -> Sequence[tuple[frozenset[str], Apply]]:
    """Return the features that store facts, in floor order."""
    return _followers


def foresights_of_all() -> Sequence[Foresee]:
    """Return what asks ahead for what storing a batch needs."""
    return _foresights_of_all


def recomputes(rank: Rank) -> Sequence[Recompute]:
    """Return what recomputes a rank, in floor order."""
    return _recomputes[rank]


def foresights(rank: Rank) -> Sequence[Recompute]:
    """Return what asks ahead for what recomputing a rank needs."""
    return _foresights[rank]


def deciders() -> Sequence[Decide]:
    """Return what decides on the server's behalf."""
    return _deciders


def person_of(kind: str, facts: msgspec.Struct) -> UUID | None:
    """Return the registration that the sealed part of an entry with these facts belongs to; None for its own."""
    person = newest(kind).person
    return person(facts) if person else None


def parts_of(registrations: Collection[UUID]) -> set[UUID]:
    """Return the entries that were applied and whose sealed parts belong to these registrations."""
    return {entry for parts in _parts for entry in parts(registrations)} if registrations else set()


def codes_named_in(entries: Collection[UUID]) -> set[str]:
    """Return the codes by which these entries name people, archived ones too."""
    return {code for names in _names for code in names(entries)} if entries else set()


def codes_gone(codes: Collection[str]) -> set[str]:
    """Return those of these codes whose people were all erased."""
    return {code for gone in _gone for code in gone(codes)} if codes else set()


def words_of(kind: str) -> Mapping[str, str] | None:
    """Return what a kind is called in each language; None for one that is not known here."""
    row = _newest.get(kind)
    return {"vi": row.words[0], "en": row.words[1]} if row else None
