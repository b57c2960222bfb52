"""What the variables, filters and conditions of a template give, found without Django's search at each."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, TypeAlias, cast

from django.template import Context
from django.template.base import FilterExpression, Variable, VariableDoesNotExist, render_value_in_context
from django.template.defaulttags import TemplateLiteral
from django.utils.safestring import SafeData, SafeString, mark_safe

Scope: TypeAlias = dict[str, Any]
Value: TypeAlias = Callable[[Scope], Any]

_NOTHING_AROUND = Context()
_INFIX: dict[str, Callable[[Any, Any], Any]] = {
    "in": lambda one, other: one in other,
    "not in": lambda one, other: one not in other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
}


class LeftToDjango(Exception):
    """A template has something in it that is not drawn here."""


def written(value: Any) -> str:
    """Return a value as it stands in a page: escaped, unless it is HTML already."""
    kind = type(value)
    if kind is str:
        return escape(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int else render_value_in_context(value, _NOTHING_AROUND)


def fixed_value(expression: FilterExpression) -> Any:
    """Return the value of an expression without variables. Raises LeftToDjango for any other."""
    if expression.filters:
        raise LeftToDjango
    return _literal(expression.var)


def is_fixed(*expressions: FilterExpression) -> bool:
    """Whether none of these expressions has a variable or a filter in it."""
    try:
        for each in expressions:
            fixed_value(each)
    except LeftToDjango:
        return False
    return True


def value_of(expression: FilterExpression, otherwise: Any = "") -> Value:
    """Return what gives the value of an expression, and `otherwise` for a variable that is not there."""
    value = _found(expression.var, otherwise)
    for function, arguments in expression.filters:
        value = _filtered(value, function, arguments)
    return value


def condition_of(condition: Any) -> Value:
    """Return what says whether a condition of `{% if %}` holds. Raises LeftToDjango for operators not used here."""
    if isinstance(condition, TemplateLiteral):
        return value_of(cast("FilterExpression", condition.value), None)
    if condition.id == "not":
        inner = condition_of(condition.first)
        return lambda scope: not inner(scope)
    one, other = condition_of(condition.first), condition_of(condition.second)
    if condition.id == "and":
        return lambda scope: one(scope) and other(scope)
    if condition.id == "or":
        return lambda scope: one(scope) or other(scope)
    if condition.id not in _INFIX:
        raise LeftToDjango
    return _compared(_INFIX[condition.id], one, other)


def _compared(compare: Callable[[Any, Any], Any], one: Value, other: Value) -> Value:
    def holds(scope: Scope) -> Any:
        try:
            return compare(one(scope), other(scope))
        except TypeError:  # what cannot be compared is not equal, and contains nothing
            return False

    return holds


def _always(value: Any) -> Value:
    return lambda _scope: value


def _found(said: Any, otherwise: Any) -> Value:
    if isinstance(said, Variable) and said.lookups is not None and not said.translate:
        return _variable(said, otherwise)
    return _always(_literal(said))


def _literal(found: Any) -> Any:
    if isinstance(found, Variable):
        if found.lookups is not None or found.translate:
            raise LeftToDjango
        return found.literal
    return found


def _variable(variable: Variable, otherwise: Any) -> Value:
    name, *path = variable.lookups or ("",)

    def value(scope: Scope) -> Any:
        try:
            found = scope[name]
        except KeyError:
            return otherwise
        if not callable(found):
            try:
                for bit in path:
                    found = found[bit] if isinstance(found, dict) else _attribute(found, bit)
            except (AttributeError, KeyError, TypeError):
                pass
            else:
                return found
        return _searched(variable, scope, otherwise)

    return value


def _attribute(holder: Any, name: str) -> Any:
    """Return what the search of Django would find too. Raises AttributeError or TypeError where only it can tell."""
    kind = type(holder)
    if kind is not tuple and hasattr(kind, "__getitem__") and not issubclass(kind, tuple):
        raise TypeError
    found = getattr(holder, name)
    if callable(found):
        raise TypeError
    return found


def _searched(variable: Variable, scope: Scope, otherwise: Any) -> Any:
    """Search as Django does: by key, by attribute, by place; what can be called is called."""
    try:
        return variable.resolve(scope)
    except VariableDoesNotExist:
        return otherwise


def _argument(is_variable: bool, given: Any) -> Value:  # noqa: FBT001 - as a parsed filter has it
    return _found(given, "") if is_variable else _always(mark_safe(given))  # noqa: S308


def _filtered(inner: Value, function: Any, arguments: Sequence[tuple[bool, Any]]) -> Value:
    if getattr(function, "expects_localtime", False) or getattr(function, "needs_autoescape", False):
        raise LeftToDjango
    given = [_argument(is_variable, each) for is_variable, each in arguments]
    keeps_safe = getattr(function, "is_safe", False)

    def value(scope: Scope) -> Any:
        before = inner(scope)
        after = function(before, *[each(scope) for each in given])
        return mark_safe(after) if keeps_safe and isinstance(before, SafeData) else after  # noqa: S308

    return value
