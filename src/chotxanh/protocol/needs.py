"""Which register entries a deed was done under: one that this node does not hold makes the deed wait."""

from typing import NamedTuple
from uuid import UUID


class Needs(NamedTuple):
    """The `test.listed` and the `kit.listed` that facts name; None where they name none."""

    test: UUID | None = None
    kit: UUID | None = None


NOTHING = Needs()
