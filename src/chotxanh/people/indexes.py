"""Blind indexes: they find a person again without telling who it is."""

from typing import Protocol, TypedDict
from uuid import UUID

from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index


class Identity(Protocol):
    """What a person is found by."""

    @property
    def full_name(self) -> str:
        """The name."""

    @property
    def id_number(self) -> str | None:
        """The number of the identity paper."""


class Indexes(TypedDict):
    """What finds a person by who they are; all None once that was erased."""

    name_index: bytes | None
    id_number_index: bytes | None
    identity_group: UUID | None


def name_index(folded_name: str) -> bytes:
    """Return the blind index of a folded name: one search finds "Hoa" and "Hòa"."""
    return blind_index("name", folded_name)


def indexes_of(personal: Identity | None, birth_year: int) -> Indexes:
    """Return the indexes of a person; by the last one alone the machine groups registrations (ADR 0024)."""
    if personal is None:
        return Indexes(name_index=None, id_number_index=None, identity_group=None)
    id_number, folded_name = personal.id_number, fold(personal.full_name)
    alike = f"{id_number}|{birth_year}|{folded_name}"
    return Indexes(
        name_index=name_index(folded_name),
        id_number_index=blind_index("id_number", id_number) if id_number else None,
        identity_group=UUID(bytes=blind_index("identity", alike)) if id_number else None,
    )
