"""What can be chosen in a field: codes of the program, whose words are texts, or rows of a register."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from chotxanh.language.texts import catalogue, text


@dataclass(frozen=True)
class Option:
    """One thing to choose: what is sent, what people read, and one sentence about it where there is one."""

    value: str
    label: str
    about: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class OptionGroup:
    """Options under a heading of a list."""

    label: str
    options: tuple[Option, ...]


# Codes, or a function that reads rows when the form is shown or read; a list may have headings.
Options: TypeAlias = Sequence[str] | Callable[[], Sequence[Option | OptionGroup]]


def may_choose(options: Options, value: str) -> bool:
    """Whether `value` is one of the options."""
    if callable(options):
        return any(option.value == value for option in _flat(options()))
    return value in options


def listed(options: Options, prefix: str) -> Sequence[Option | OptionGroup]:
    """Return the options as the page lists them; the words of a code stand in the catalogue under `prefix`.

    A sentence about it stands there too, with `_about` behind the code, where it needs one.
    """
    if callable(options):
        return options()
    return [
        Option(code, text(f"{prefix}.{code}"), about=_about(f"{prefix}.{code}_about")) for code in options
    ]


def _about(key: str) -> str:
    return text(key) if key in catalogue() else ""


def _flat(listed_options: Sequence[Option | OptionGroup]) -> Iterator[Option]:
    for each in listed_options:
        if isinstance(each, OptionGroup):
            yield from each.options
        else:
            yield each
