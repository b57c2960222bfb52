"""Which cards a post holds: the names of scopes, how long each holds a card, and who may read them.

A scope is an opaque text. `road:` holds people expected on a road, `post:` people seen at a post, `facility:` tubes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chotxanh.domain.problems import Problem
from chotxanh.registers.posts.models import Checkpoint
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import grants_for, sites_of
from chotxanh.registers.staff.models import Member

ROAD, POST, FACILITY = "road", "post", "facility"

EXPECTED_FOR = timedelta(hours=48)
SEEN_FOR = timedelta(hours=72)
REGULAR_TIMES = 3
REGULAR_FOR = timedelta(days=14)
TUBE_OPEN_FOR = timedelta(days=30)
RESULT_HELD_FOR = timedelta(hours=72)


@dataclass(frozen=True)
class Window:
    """What one station reads: its checkpoint's code and the scopes that lie in it."""

    checkpoint: str
    scopes: tuple[str, ...]


def road_scope(road: str) -> str:
    """Return the scope of the people expected on a road."""
    return f"{ROAD}:{road}"


def post_scope(checkpoint: str) -> str:
    """Return the scope of the people seen at a checkpoint."""
    return f"{POST}:{checkpoint}"


def facility_scope(facility: str) -> str:
    """Return the scope of a facility's tubes."""
    return f"{FACILITY}:{facility}"


def family_of(scope: str) -> str:
    """Return which family a scope belongs to: ROAD, POST or FACILITY."""
    return scope.partition(":")[0]


def seen_until(times: Iterable[datetime]) -> datetime:
    """Return until when a post holds someone whom it saw at these times (UTC, at least one).

    72 hours after the last time; 14 days after the third last for whom it saw three times within them.
    """
    latest = sorted(times, reverse=True)
    last = latest[0] + SEEN_FOR
    return max(last, latest[REGULAR_TIMES - 1] + REGULAR_FOR) if len(latest) >= REGULAR_TIMES else last


def window_of(grants: Iterable[GrantRow], checkpoint: str, at: datetime) -> Window:
    """Return what a member with these grants may read at a checkpoint.

    Raises Problem: `checkpoint_unknown`, `not_allowed`.
    """
    # PostgreSQL cannot even look for a NUL.
    found = Checkpoint.objects.filter(code=checkpoint).first() if checkpoint.isprintable() else None
    if found is None:
        raise Problem("checkpoint_unknown")
    if not _is_open_to(found, grants, at):
        raise Problem("not_allowed")
    return Window(
        found.code, (facility_scope(found.facility), post_scope(found.code), road_scope(found.road))
    )


def checkpoints_for(member: Member, at: datetime) -> list[Checkpoint]:
    """Return the checkpoints where a member may work at `at` (UTC), in the order of the road."""
    grants = grants_for(member)
    return [each for each in Checkpoint.objects.prefetch_related("lanes") if _is_open_to(each, grants, at)]


def _is_open_to(checkpoint: Checkpoint, grants: Iterable[GrantRow], at: datetime) -> bool:
    checkpoints, facilities, is_everywhere = sites_of(grants, at)
    return is_everywhere or checkpoint.code in checkpoints or checkpoint.facility in facilities
