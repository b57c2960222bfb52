"""Types that read what was stored: the shape of a payload without the limits that the door puts on it.

A limit made stricter later must not make an entry unreadable that was taken when it was not (ADR 0016).
"""

from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec


@cache
def loosened(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Return a subclass of a payload's type whose fields keep their shape and lose their limits.

    Patterns, lengths and ranges go; a choice of texts becomes any text; nested payloads are loosened too.
    """
    hints = get_type_hints(kind, include_extras=True)
    fields: list[Any] = []
    for each in msgspec.structs.fields(kind):
        loose = _loose(hints[each.name])
        if each.default is not msgspec.NODEFAULT:
            fields.append((each.name, loose, each.default))
        elif each.default_factory is not msgspec.NODEFAULT:
            fields.append((each.name, loose, msgspec.field(default_factory=each.default_factory)))
        else:
            fields.append((each.name, loose))
    return msgspec.defstruct(kind.__name__, fields, bases=(kind,), frozen=True, module=kind.__module__)


def _loose(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _loose_annotated(arguments)
    if origin is Literal:
        return Union[tuple(sorted({type(value) for value in arguments}, key=str))]  # noqa: UP007 -- made at run time
    if origin in (Union, UnionType):
        return Union[tuple(_loose(each) for each in arguments)]  # noqa: UP007 -- made at run time
    if origin is not None:
        return _rebuilt(origin)(tuple(_loose(each) for each in arguments))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return loosened(hint)
    return hint


def _loose_annotated(arguments: tuple[Any, ...]) -> Any:
    """A time keeps its zone: without it the value would be of another kind, not merely out of bounds."""
    inner = arguments[0]
    is_zoned = any(isinstance(each, msgspec.Meta) and each.tz for each in arguments[1:])
    return Annotated[inner, msgspec.Meta(tz=True)] if is_zoned else _loose(inner)


def _rebuilt(origin: Any) -> Callable[[tuple[Any, ...]], Any]:
    return lambda arguments: origin[arguments]
