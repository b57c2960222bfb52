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


def codes_of_same_people(registrations: Sequence[Registration]) -> dict[str, set[str]]:
    """Return, for each registration's code, every code linked to it, its own included.

    Linked are registrations of equal identity, and those a lead's latest word joins; never those it parts.
    """
    identities = {each.identity_index for each in registrations if each.identity_index is not None}
    alike: dict[bytes, list[Registration]] = {}
    for each in Registration.objects.filter(identity_index__in=identities):
        alike.setdefault(bytes(each.identity_index or b""), []).append(each)
    words = _latest_words([each.id for each in registrations])
    named = Registration.objects.in_bulk({id for pair in words for id in pair})
    linked: dict[str, set[str]] = {}
    for registration in registrations:
        group = {each.id: each for each in alike.get(bytes(registration.identity_index or b""), [])}
        for pair, is_linked in words.items():
            others = pair - {registration.id}
            if registration.id in pair and is_linked:
                group |= {id: named[id] for id in others if id in named}
            elif registration.id in pair:
                group = {id: each for id, each in group.items() if id not in others}
        linked[registration.person_code] = {each.person_code for each in group.values()} | {
            registration.person_code
        }
    return linked


def _latest_words(ids: Sequence[UUID]) -> dict[frozenset[UUID], bool]:
    links = Link.objects.filter(Q(first__in=ids) | Q(second__in=ids)).order_by("effective_at", "id")
    return {frozenset((link.first, link.second)): link.is_linked for link in links}
