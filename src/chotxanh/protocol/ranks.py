"""In which order aggregates are recomputed and locked: a rank is decided by its own facts and those below it."""

from enum import IntEnum


class Rank(IntEnum):
    """What is recomputed together, from the ground up; a recompute may only touch keys of the ranks above its own."""

    TUBE = 1
    PERSON_CODE = 2
    IDENTITY_GROUP = 3
    COMPANY = 4
    PAPERS = 5
