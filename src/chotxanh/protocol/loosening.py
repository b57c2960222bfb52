"""Types that read what was stored: the shape of a payload without the limits that the door puts on it.

A limit made stricter later must not make an entry unreadable that was taken when it was not (ADR 0016).
"""

from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from chotxanh.protocol.reshaping import changed_within, reshaped


@cache
def loosened(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Return a subclass of a payload's type whose fields keep their shape and lose their limits.

    Patterns, lengths and ranges go; a choice of texts becomes any text; nested payloads are loosened too.
    """
    return reshaped(kind, _loose)


def _loose(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _loose_annotated(arguments)
    if origin is Literal:
        return Union[tuple(sorted({type(value) for value in arguments}, key=str))]  # noqa: UP007 -- made at run time
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return loosened(hint)
    return changed_within(hint, _loose)


def _loose_annotated(arguments: tuple[Any, ...]) -> Any:
    """A time keeps its zone: without it the value would be of another kind, not merely out of bounds."""
    inner = arguments[0]
    is_zoned = any(isinstance(each, msgspec.Meta) and each.tz for each in arguments[1:])
    return Annotated[inner, msgspec.Meta(tz=True)] if is_zoned else _loose(inner)
