"""Builds the cards that the feed serves: each kind's bodies are built by the feature that knows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from chotxanh.protocol.showings import CardName

Bodies: TypeAlias = Mapping[str, msgspec.Struct]
BuildBodies: TypeAlias = Callable[[Sequence[str]], Bodies]

_builders: dict[str, BuildBodies] = {}


class Card(msgspec.Struct, frozen=True):
    """A card as it travels. Without a body it is gone. `version` only grows; `expires_at` is in Unix ms."""

    kind: str
    id: str
    version: int
    expires_at: int
    body: msgspec.Raw | None


def build_cards_with(kind: str, build: BuildBodies) -> None:
    """Let a feature build the bodies of a kind of card from its keys; a key that it does not know has none."""
    _builders[kind] = build


def bodies_of(cards: Iterable[CardName]) -> dict[CardName, msgspec.Raw]:
    """Return the encoded bodies of these cards; one that no longer exists is absent."""
    keys: dict[str, list[str]] = {}
    for card in cards:
        keys.setdefault(card.kind, []).append(card.key)
    bodies = {}
    for kind, wanted in keys.items():
        for key, body in _builders[kind](wanted).items():
            bodies[CardName(kind, key)] = msgspec.Raw(msgspec.json.encode(body))
    return bodies
