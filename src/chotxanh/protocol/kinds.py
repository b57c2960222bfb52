"""Which payload belongs to which kind and version, and which features follow it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import Kind
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank

F = TypeVar("F")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Happening(Generic[F, P]):
    """An authentic, allowed entry as features see it. `personal` is None if the kind has none or it was erased."""

    id: UUID
    kind: Kind
    device: UUID
    log: UUID | None
    actor: UUID | None
    effective_at: datetime
    is_doubtful: bool
    facts: F
    personal: P | None


@dataclass
class Touched:
    """The keys of the aggregates that must be recomputed, by level."""

    keys: dict[Rank, set[str]] = field(default_factory=lambda: {level: set() for level in Rank})
    cards: set[tuple[str, str, str]] = field(default_factory=set)
    people_to_decide: set[str] = field(default_factory=set)

    def announce(self, card: str, key: str, scope: str = "") -> None:
        """Let the feed say that a card changed; `scope` is a facility's code, or empty for the whole province."""
        self.cards.add((card, key, scope))

    def add(self, level: Rank, keys: Sequence[str] | set[str]) -> None:
        """Mark aggregates of a level as touched."""
        self.keys[level].update(keys)


@dataclass(frozen=True)
class KindSpec:
    """One version of a kind: its payload types, a check beyond types, and where the deed was done."""

    kind: Kind
    version: int
    facts: type[msgspec.Struct]
    personal: type[msgspec.Struct] | None = None
    check: Callable[[Any, Any], None] | None = None
    place: Callable[[Any], Place] = lambda _facts: Place()


Apply: TypeAlias = Callable[[Sequence[Happening[Any, Any]], Touched], None]
Recompute: TypeAlias = Callable[[set[str], Touched], None]
Decide: TypeAlias = Callable[[set[str], datetime], None]


@dataclass(frozen=True)
class Reader:
    """A kind's spec with its decoders made once."""

    spec: KindSpec
    facts: "msgspec.json.Decoder[Any]"
    personal: "msgspec.json.Decoder[Any] | None"


_readers: dict[tuple[str, int], Reader] = {}
_followers: list[tuple[frozenset[Kind], Apply]] = []
_recomputes: dict[Rank, list[Recompute]] = {level: [] for level in Rank}
_decisions: list[Decide] = []


def register(spec: KindSpec) -> None:
    """Declare a kind's payload; called once by its owner when the application starts."""
    personal = msgspec.json.Decoder(spec.personal) if spec.personal else None
    _readers[spec.kind, spec.version] = Reader(spec, msgspec.json.Decoder(spec.facts), personal)


def follow(kinds: Sequence[Kind], apply: Apply) -> None:
    """Let a feature store the facts of some kinds. Features are called in floor order, in one transaction."""
    _followers.append((frozenset(kinds), apply))


def recompute_at(level: Rank, recompute: Recompute) -> None:
    """Let a feature recompute the aggregates of a level, under their locks, in floor order."""
    _recomputes[level].append(recompute)


def decide_with(decide: Decide) -> None:
    """Let a feature record what the server decides about people, after everything was recomputed."""
    _decisions.append(decide)


def reader_of(kind: str, version: int) -> Reader | None:
    """Return how to read this kind and version; None if this node does not know them."""
    return _readers.get((kind, version))


def known_kinds() -> list[KindSpec]:
    """Return every registered kind and version, in order of name."""
    return [reader.spec for _, reader in sorted(_readers.items())]


def followers() -> Sequence[tuple[frozenset[Kind], Apply]]:
    """Return the features that store facts, in floor order."""
    return _followers


def recomputes(level: Rank) -> Sequence[Recompute]:
    """Return what recomputes a level, in floor order."""
    return _recomputes[level]


def decisions() -> Sequence[Decide]:
    """Return what decides on the server's behalf."""
    return _decisions
