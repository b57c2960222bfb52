"""On what a lead's decision rests: asked with every one, and kept in the ledger (finding H10)."""

from enum import StrEnum


class Grounds(StrEnum):
    """What the lead had asked or seen before deciding."""

    ASKED_WHO_RECORDED = "asked_who_recorded"
    SAW_THE_TUBE = "saw_the_tube"
    SAW_THE_BOOK = "saw_the_book"
    SAW_THE_ROSTER = "saw_the_roster"
    OTHER = "other"
