"""Who went along with the person whose page it is, declared by them: their pages can be opened from here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chotxanh.declarations.submission import companion_secret
from chotxanh.language.gaps import Gap
from chotxanh.people.queries import page_digest as digest_of
from chotxanh.people.queries import page_digests, people_registered


def company(secret: str, registrations: Sequence[UUID]) -> tuple[dict[str, Any], ...]:
    """Return the name, the year of birth and the page's secret of each of these that were declared from this page.

    A page whose link was given by somebody else, or anew, is not led to; neither is one of somebody erased.
    """
    if not registrations:
        return ()
    people, digests = people_registered(registrations), page_digests(registrations)
    return tuple(
        {"name": Gap(personal.full_name), "year": Gap(str(people[each].birth_year)), "secret": Gap(opened)}
        for each in registrations
        if (opened := companion_secret(secret, each))
        and digests.get(each) == digest_of(opened)
        and (personal := people[each].personal)
    )
