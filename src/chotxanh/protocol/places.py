"""Where a deed was done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a deed was done; empty means that the deed names none."""

    facility: str = ""
    checkpoint: str = ""


# What may be done wherever one works: a declaration is taken at any window.
ANYWHERE = Place("*", "*")
