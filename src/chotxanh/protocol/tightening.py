"""Types that take what is sent: the shape of a payload, and not one member more.

A member that no type names would be signed and kept in plain for ever, and no erasure would find it (finding D1).
"""

from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

import msgspec

from chotxanh.protocol.reshaping import changed_within, reshaped

S = TypeVar("S", bound=msgspec.Struct)


@cache
def tightened(kind: type[S]) -> type[S]:
    """Return a subclass of a payload's type that refuses unknown members, in nested payloads too."""
    return cast(type[S], reshaped(kind, _tight, refuses_others=True))


def _tight(hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *limits = get_args(hint)
        return Annotated[(_tight(inner), *limits)]
    if origin is Literal:
        return hint
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return tightened(hint)
    return changed_within(hint, _tight)
