"""Administrative units as entries name them."""

from typing import Annotated

import msgspec
from msgspec import Meta


class UnitCode(msgspec.Struct, frozen=True):
    """An administrative unit; a bare code would be ambiguous since the numbering of 2025."""

    scheme: Annotated[str, Meta(pattern=r"\Anso-20[0-9]{2}\Z")]
    code: Annotated[str, Meta(pattern=r"\A[0-9]{2,5}\Z")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"
