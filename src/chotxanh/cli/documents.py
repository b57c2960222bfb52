"""Writes the files that say what the product holds: problems, addresses, limits, what stands, kinds, units."""

import inspect
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import django
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from chotxanh.beside.limits import LIMITS
from chotxanh.cli import browser_units
from chotxanh.cli.paths import ROOT
from chotxanh.cli.roles_page import roles_page
from chotxanh.cli.schemas import PAYLOAD_TYPES, TYPES, kind_pages, payload_types_page, types_page
from chotxanh.cli.standing_page import standing_page
from chotxanh.domain.problems import STATUSES
from chotxanh.language.texts import catalogue
from chotxanh.protocol.bodies import KIB, LONGEST_BODIES, LONGEST_STALL, SLOWEST_PACE_BYTES

PROBLEM = "problem."
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
HEADER = "<!-- Written by ./chotxanh document: do not edit. -->\n"


def problems_page() -> str:
    """Return `docs/problems.md`: every problem code with its sentence in both languages."""
    lines = [
        "# Problems",
        "",
        HEADER,
        "A problem is something a person or a device did that cannot be accepted. Its code is stable; its",
        "sentence stands in `contracts/texts/problems.json`, its HTTP status in `src/chotxanh/domain/problems.py`.",
        "Over HTTP it is `application/problem+json`; in a receipt it is the `problem` of an answer, and the receipt",
        "is 200.",
        "",
        "| code | status | Vietnamese | English |",
        "|---|---|---|---|",
    ]
    sentences = {
        key.removeprefix(PROBLEM): each for key, each in catalogue().items() if key.startswith(PROBLEM)
    }
    for code, sentence in sorted(sentences.items()):
        status = str(STATUSES[code].value) if code in STATUSES else ""
        lines.append(f"| `{code}` | {status} | {_cell(sentence['vi'])} | {_cell(sentence['en'])} |")
    return "\n".join([*lines, ""])


def addresses_page() -> str:
    """Return `docs/addresses.md`: every address the server answers, with what its view says of itself."""
    lines = [
        "# Addresses",
        "",
        HEADER,
        "Every address the server answers. `docs/protocol.md` says what those of the devices take and give. The code",
        "asks for an address by its name, which never changes.",
        "",
        "| address | name | what it does |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{address}` | `{route.name}` | {_cell(route.words)} |"
        for address, route in sorted(addresses().items())
    ]
    return "\n".join([*lines, ""])


def limits_page() -> str:
    """Return `docs/limits.md`: how often anything may be asked before it is slowed down."""
    lines = [
        "# Limits",
        "",
        HEADER,
        "Whoever asks too often is not shut out but slowed down: status 429 with `Retry-After`. A limit gives so many",
        "at once; then one more whenever that share of its time has passed. An address is an IPv4 /24 or an IPv6 /64;",
        "a registered network (`CHOTXANH_REGISTERED_NETWORKS`) may do twenty times as much. Six hundred phones of one",
        "address may declare, open their pages and verify within ten minutes.",
        "",
        "| limit | at once | whole again after | counted by |",
        "|---|---|---|---|",
    ]
    for limit in LIMITS:
        lines.append(f"| `{limit.name}` | {limit.burst:,} | {_span(limit.per)} | {_cell(limit.by)} |")
    return "\n".join([*lines, *_bodies(), ""])


def _span(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds / 60:,.0f} min" if seconds >= 60 else f"{seconds:,.0f} s"


def _bodies() -> list[str]:
    """Say how long a body may be, as the server and `deploy/nginx.conf` hold it."""
    lines = [
        "",
        "## Bodies",
        "",
        "A body beyond its length is refused unread (413). One that stalls for "
        f"{LONGEST_STALL.seconds} s, or comes slower than",
        f"{SLOWEST_PACE_BYTES // KIB} KiB a second in all, is ended (408); one that says no length is not taken (411).",
        "",
        "| addresses that begin with | longest body |",
        "|---|---|",
    ]
    return lines + [f"| `{beginning}` | {most // KIB:,} KiB |" for beginning, most in LONGEST_BODIES]


def pages() -> dict[str, Callable[[], str]]:
    """Return what makes each written file, by its name in the project."""
    start_django()
    lists: dict[str, Callable[[], str]] = {
        "docs/addresses.md": addresses_page,
        "docs/limits.md": limits_page,
        "docs/problems.md": problems_page,
        "docs/roles.md": lambda: roles_page(HEADER),
        "docs/standing.vi.md": lambda: standing_page(HEADER),
        TYPES: types_page,
        PAYLOAD_TYPES: payload_types_page,
        browser_units.TABLE: browser_units.table_page,
        browser_units.VECTORS: browser_units.vectors_page,
    }
    return lists | kind_pages()


class Route(NamedTuple):
    """The name of an address, and the first line of its view's docstring."""

    name: str
    words: str


def addresses() -> dict[str, Route]:
    """Return every route by its address; Django's own apps are left out."""
    start_django()
    return dict(_routes(get_resolver().url_patterns, "/"))


def start_django() -> None:
    """Load the product, so that its addresses and kinds are known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    django.setup()


def write() -> list[str]:
    """Write every page anew; returns the names of those that changed."""
    changed = []
    for name, page in pages().items():
        written = page()
        file = ROOT / name
        if not file.is_file() or file.read_text(encoding="utf-8") != written:
            file.write_text(written, encoding="utf-8")
            changed.append(name)
    return changed


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, Route]]:
    for pattern in patterns:
        place = prefix + _readable(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, place)
        elif inspect.unwrap(pattern.callback).__module__.startswith("chotxanh."):
            documented = inspect.getdoc(inspect.unwrap(pattern.callback)) or ""
            yield place, Route(pattern.name or "", documented.splitlines()[0] if documented else "")


def _readable(pattern: object) -> str:
    if isinstance(pattern, RegexPattern):
        return simplify_regex(str(pattern)).removeprefix("/")
    return CONVERTER.sub(r"<\1>", str(pattern))


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
