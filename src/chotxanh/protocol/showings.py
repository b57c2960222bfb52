"""What entries change about the cards that stations hold: which card changed, and in which scopes it is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class CardName(NamedTuple):
    """Which card: its kind (`person`, `tube`) and its key."""

    kind: str
    key: str


@dataclass
class Showings:
    """Changed cards. A scope is an opaque text made by `ledger.scopes`; it belongs to one family of scopes.

    `longer` names scopes that hold a card until then (UTC), or as long as they already do; `exact` names all scopes of
    a family that hold it, so that the others of that family let it go.
    """

    changed: set[CardName] = field(default_factory=set)
    longer: dict[CardName, dict[str, datetime]] = field(default_factory=dict)
    exact: dict[CardName, dict[str, dict[str, datetime]]] = field(default_factory=dict)

    def show(self, card: CardName, scope: str, until: datetime) -> None:
        """Let a scope hold a card until then (UTC), or longer if it already does."""
        scopes = self.longer.setdefault(card, {})
        scopes[scope] = max(until, scopes.get(scope, until))
        self.changed.add(card)

    def show_only(self, card: CardName, family: str, scopes: Mapping[str, datetime]) -> None:
        """Let exactly these scopes of a family hold a card, each until then (UTC)."""
        self.exact.setdefault(card, {})[family] = dict(scopes)
        self.changed.add(card)

    def add(self, later: "Showings") -> None:
        """Take over what was said later."""
        self.changed |= later.changed
        for card, scopes in later.longer.items():
            for scope, until in scopes.items():
                self.show(card, scope, until)
        for card, families in later.exact.items():
            for family, held in families.items():
                self.show_only(card, family, held)
