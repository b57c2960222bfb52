"""Types that take what is sent: the shape of a payload, and not one member more.

A member that no type names would be signed and kept in plain for ever, and no erasure would find it (finding D1).
"""

from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

S = TypeVar("S", bound=msgspec.Struct)


@cache
def tightened(kind: type[S]) -> type[S]:
    """Return a subclass of a payload's type that refuses unknown members, in nested payloads too."""
    hints = get_type_hints(kind, include_extras=True)
    fields: list[Any] = []
    for each in msgspec.structs.fields(kind):
        hint = _tight(hints[each.name])
        if each.default is not msgspec.NODEFAULT:
            fields.append((each.name, hint, each.default))
        elif each.default_factory is not msgspec.NODEFAULT:
            fields.append((each.name, hint, msgspec.field(default_factory=each.default_factory)))
        else:
            fields.append((each.name, hint))
    made = msgspec.defstruct(
        kind.__name__, fields, bases=(kind,), frozen=True, forbid_unknown_fields=True, module=kind.__module__
    )
    return cast(type[S], made)


def _tight(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner, *limits = arguments
        return Annotated[(_tight(inner), *limits)]
    if origin in (Union, UnionType):
        return Union[tuple(_tight(each) for each in arguments)]  # noqa: UP007 -- made at run time
    if origin in (list, tuple, dict, set, frozenset):
        return _of(origin, tuple(_tight(each) for each in arguments))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return tightened(hint)
    return hint


def _of(origin: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return origin[arguments]  # type: ignore[index]
