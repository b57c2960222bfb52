"""Reads people: by page secret, by code, by exact search, and what identifies them from the sealed part."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.db.models import Q

from chotxanh.keys.sealing import blind_index, unseal
from chotxanh.ledger.models import Entry
from chotxanh.people.entries import name_index
from chotxanh.people.models import Link, Registration

PAGE_DIGEST_BYTES = 16


class Personal(msgspec.Struct, frozen=True):
    """What identifies a person, as the declaration's sealed part gives it."""

    full_name: str
    birth_date: str | None
    id_number: str | None
    phone: str | None
    plate: str | None


_decoder = msgspec.json.Decoder(Personal)


def personal_of(registrations: Sequence[UUID]) -> dict[UUID, Personal]:
    """Return the details of these registrations; one whose personal part was erased is absent."""
    rows = Entry.objects.filter(id__in=registrations, personal__isnull=False).values_list("id", "personal")
    return {id: _decoder.decode(unseal(bytes(sealed or b""), id.bytes)) for id, sealed in rows}


def details_of(registration: Registration) -> Personal | None:
    """Return one registration's details, None once erased."""
    return personal_of([registration.id]).get(registration.id)


def page_digest(secret: str) -> bytes:
    """Return what is kept of a page's secret: 16 bytes of SHA-256; 128 random bits need no key."""
    return hashlib.sha256(secret.encode()).digest()[:PAGE_DIGEST_BYTES]


def registration_for_secret(secret: str) -> Registration | None:
    """Return the registration whose page has this secret."""
    return Registration.objects.filter(page_digest=page_digest(secret)).first()


def registrations_of(codes: Sequence[str]) -> dict[str, Registration]:
    """Return the registration of each person code; of a code claimed twice, the first."""
    found: dict[str, Registration] = {}
    for registration in Registration.objects.filter(person_code__in=codes).order_by("declared_at", "id"):
        found.setdefault(registration.person_code, registration)
    return found


def search_people(text: str, phone: str | None) -> list[Registration]:
    """Find registrations by exact name (folded), ID number or phone (E.164), newest first, at most 50."""
    wanted = Q(name_index=name_index(text)) | Q(id_number_index=blind_index("id_number", text.upper()))
    if phone:
        wanted |= Q(phone_index=blind_index("phone", phone))
    return list(Registration.objects.filter(wanted).order_by("-declared_at", "id")[:50])


def same_person(registration: Registration) -> list[Registration]:
    """Return the registrations linked to this one: on equal identity, or by a lead's latest word."""
    group = {registration.id: registration}
    if registration.identity_index is not None:
        equal = Registration.objects.filter(identity_index=registration.identity_index)
        group |= {each.id: each for each in equal}
    words: dict[frozenset[UUID], bool] = {}
    for link in Link.objects.filter(Q(first__in=group) | Q(second__in=group)).order_by("effective_at", "id"):
        words[frozenset((link.first, link.second))] = link.is_linked
    joined = {id for pair, is_linked in words.items() if is_linked for id in pair}
    parted = {id for pair, is_linked in words.items() if not is_linked for id in pair} - {registration.id}
    group |= Registration.objects.in_bulk(joined - set(group))
    return [each for id, each in sorted(group.items()) if id not in parted - joined]
