"""What is said of a person or a trip in one word."""

from enum import StrEnum


class Sex(StrEnum):
    """As identity papers give it; `other` where a foreign paper says so."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


class Direction(StrEnum):
    """How a trip crosses the province's border."""

    IN = "in"
    OUT = "out"
    THROUGH = "through"


class IdentitySeen(StrEnum):
    """How an officer knew who somebody is: the identity card scanned, another document, by sight, or not at all."""

    CARD = "card"
    DOCUMENT = "document"
    KNOWN = "known"
    NO = "no"


class Language(StrEnum):
    """A language of the product."""

    VIETNAMESE = "vi"
    ENGLISH = "en"
