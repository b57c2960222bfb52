"""Makes a payload's type anew with other hints: what `loosening` and `tightening` have in common."""

from collections.abc import Callable
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

Change = Callable[[Any], Any]


def reshaped(
    kind: type[msgspec.Struct], change: Change, *, refuses_others: bool = False
) -> type[msgspec.Struct]:
    """Return a subclass of a payload's type whose fields have their hints changed, and keep their defaults.

    With `refuses_others` it takes no member that it does not name.
    """
    hints = get_type_hints(kind, include_extras=True)
    fields: list[Any] = []
    for each in msgspec.structs.fields(kind):
        hint = change(hints[each.name])
        if each.default is not msgspec.NODEFAULT:
            fields.append((each.name, hint, each.default))
        elif each.default_factory is not msgspec.NODEFAULT:
            fields.append((each.name, hint, msgspec.field(default_factory=each.default_factory)))
        else:
            fields.append((each.name, hint))
    return msgspec.defstruct(
        kind.__name__,
        fields,
        bases=(kind,),
        frozen=True,
        module=kind.__module__,
        forbid_unknown_fields=refuses_others,
    )


def changed_within(hint: Any, change: Change) -> Any:
    """Return a union or a container with what it holds changed, and anything else as it is."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(change(each) for each in arguments)]  # noqa: UP007 -- made at run time
    return hint if origin is None else origin[tuple(change(each) for each in arguments)]
