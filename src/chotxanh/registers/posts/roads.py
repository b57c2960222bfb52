"""The roads that have a checkpoint."""

from datetime import UTC, datetime
from functools import lru_cache

from django.db.models import Q

from chotxanh.registers.posts.models import Post

KEPT_SECONDS = 60


def road_codes(now: datetime) -> tuple[str, ...]:
    """Return the codes of the roads with a checkpoint, in the order of the register; at most a minute old at `now`."""
    return roads_in_minute(int(now.timestamp()) // KEPT_SECONDS)


@lru_cache(maxsize=1)
def roads_in_minute(minute: int) -> tuple[str, ...]:
    """Return the codes as they stand when first asked in a minute: everybody who declares asks."""
    at = datetime.fromtimestamp(minute * KEPT_SECONDS, UTC)
    still_open = Q(closed_at=None) | Q(closed_at__gt=at)
    roads = Post.objects.exclude(road="").filter(still_open).values_list("road", flat=True)
    return tuple(dict.fromkeys(roads))
