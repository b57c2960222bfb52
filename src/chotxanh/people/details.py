"""What identifies a person: the sealed part of the registration, with what leads have corrected of it since."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec

from chotxanh.keys.sealing import unsealed
from chotxanh.ledger.models import Entry
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class Personal(msgspec.Struct, frozen=True):
    """What identifies a person, as far as it is known now."""

    full_name: str
    birth_date: str | None
    id_number: str | None
    phone: str | None
    address: str | None = None


class Corrected(msgspec.Struct, frozen=True):
    """What one correction says of its person; what it does not speak of is None."""

    full_name: str | None = None
    birth_date: str | None = None
    id_number: str | None = None


class Sourced(Protocol):
    """A registration, and the corrections that name, birth and number come from now; None: from itself."""

    @property
    def id(self) -> UUID:
        """Its number."""

    @property
    def name_from(self) -> UUID | None:
        """Where the name comes from."""

    @property
    def birth_from(self) -> UUID | None:
        """Where the birth comes from."""

    @property
    def number_from(self) -> UUID | None:
        """Where the number of the identity paper comes from."""


class Sealed(Sourced, Protocol):
    """The same with the registration's own sealed part."""

    @property
    def sealed(self) -> bytes | None:
        """What the registration said; None once erased."""


class _SealedRow(NamedTuple):
    id: UUID
    personal: bytes | None


_SEALED = Table(Entry, _SealedRow)
_registered = msgspec.json.Decoder(Personal)
_corrected = msgspec.json.Decoder(Corrected)
# What was erased, or was never corrected, says nothing.
_SILENT = Corrected()


def details_among(rows: Iterable[Sealed]) -> dict[UUID, Personal]:
    """Return what identifies the people of these registrations; whose name was erased, or cannot be opened, is absent.

    Only where something was corrected the ledger is asked once more.
    """
    known = {
        row.id: (row, _registered.decode(opened))
        for row in rows
        if (opened := unsealed(row.sealed, row.id.bytes)) is not None
    }
    said = _said_by({source for row, _ in known.values() for source in sources_of(row)})
    found = {id: _as_corrected(own, row, said) for id, (row, own) in known.items()}
    return {id: personal for id, personal in found.items() if personal is not None}


def declared_year(row: Sealed) -> int | None:
    """Return in which year a registration itself says that its person was born; None without a whole date."""
    opened = unsealed(row.sealed, row.id.bytes)
    born = _registered.decode(opened).birth_date if opened is not None else None
    return date.fromisoformat(born).year if born else None


def sources_of(row: Sourced) -> set[UUID]:
    """Return the corrections that speak of a registration now."""
    return {source for source in (row.name_from, row.birth_from, row.number_from) if source is not None}


def _as_corrected(own: Personal, row: Sourced, said: dict[UUID, Corrected]) -> Personal | None:
    if not sources_of(row):
        return own
    name = said.get(row.name_from, _SILENT).full_name if row.name_from else own.full_name
    if name is None:
        return None
    return Personal(
        full_name=name,
        birth_date=said.get(row.birth_from, _SILENT).birth_date if row.birth_from else own.birth_date,
        id_number=said.get(row.number_from, _SILENT).id_number if row.number_from else own.id_number,
        phone=own.phone,
        address=own.address,
    )


def _said_by(corrections: Collection[UUID]) -> dict[UUID, Corrected]:
    return {
        each.id: _corrected.decode(opened)
        for each in lookup(_SEALED, "id", corrections)
        if (opened := unsealed(each.personal, each.id.bytes)) is not None
    }
