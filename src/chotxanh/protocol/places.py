"""Where a deed was done."""

from uuid import UUID

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where a deed was done: the facility that answers for it, the site and the post; empty where it names none."""

    facility: str = ""
    site: str = ""
    post: UUID | None = None


# What may be done wherever one works: a declaration is taken at any window.
ANYWHERE = Place("*", "*")
