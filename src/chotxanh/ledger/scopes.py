"""Which cards a post holds: the names of scopes, how long each holds a card, and who may read them.

A scope is an opaque text. `road:` holds people expected on a road, `declared:` people declared for at a site,
`post:` people sampled at a site, `facility:` tubes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from chotxanh.domain.problems import Problem
from chotxanh.registers.posts.sites import Site, is_open_to, site_named
from chotxanh.registers.staff.grants import Reach

ROAD, DECLARED, POST, FACILITY = "road", "declared", "post", "facility"

EXPECTED_FOR = timedelta(hours=48)
SEEN_FOR = timedelta(hours=72)
REGULAR_TIMES = 3
REGULAR_FOR = timedelta(days=14)
TUBE_OPEN_FOR = timedelta(days=30)
RESULT_HELD_FOR = timedelta(hours=72)
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Window:
    """What one station reads: its site, and the scopes that lie in it."""

    site: Site
    scopes: tuple[str, ...]


def road_scope(road: str) -> str:
    """Return the scope of the people expected on a road."""
    return f"{ROAD}:{road}"


def declared_scope(site: str) -> str:
    """Return the scope of the people whom somebody declared for at a site's posts."""
    return f"{DECLARED}:{site}"


def post_scope(site: str) -> str:
    """Return the scope of the people seen at a site's posts."""
    return f"{POST}:{site}"


def facility_scope(facility: str) -> str:
    """Return the scope of a facility's tubes."""
    return f"{FACILITY}:{facility}"


def family_of(scope: str) -> str:
    """Return which family a scope belongs to: ROAD, DECLARED, POST or FACILITY."""
    return scope.partition(":")[0]


def seen_until(times: Iterable[datetime]) -> datetime:
    """Return until when a post holds someone whom it saw at these times (UTC, at least one).

    72 hours after the last time; 14 days after the third last for whom it saw three times within them.
    """
    latest = sorted(times, reverse=True)
    last = latest[0] + SEEN_FOR
    return max(last, latest[REGULAR_TIMES - 1] + REGULAR_FOR) if len(latest) >= REGULAR_TIMES else last


def window_of(reach: Iterable[Reach], site: str, at: datetime) -> Window:
    """Return what a member with grants of this reach may read at a site, at most a minute old at `at` (UTC).

    Raises Problem: `site_unknown`, `not_allowed`.
    """
    window = _window_in_minute(site, int(at.timestamp()) // KEPT_SECONDS * KEPT_SECONDS)
    if not is_open_to(window.site, reach):
        raise Problem("not_allowed")
    return window


@lru_cache(maxsize=256)
def _window_in_minute(site: str, begins: int) -> Window:
    """The register as it stands when first asked in a minute: every station asks every few seconds."""
    found = site_named(site, datetime.fromtimestamp(begins, UTC))
    if found is None:
        raise Problem("site_unknown")
    people = (post_scope(found.code), declared_scope(found.code), road_scope(found.road))
    return Window(found, (facility_scope(found.facility), *people))
