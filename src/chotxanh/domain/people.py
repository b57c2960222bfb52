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


class Language(StrEnum):
    """A language of the product."""

    VIETNAMESE = "vi"
    ENGLISH = "en"
