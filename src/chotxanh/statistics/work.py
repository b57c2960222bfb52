"""What the worker does for statistics."""

from chotxanh.ledger.worker.registry import deferred
from chotxanh.statistics.hours import LEVEL, count_tubes, write_counts


def register_work() -> None:
    """Declare the sums that may lag behind by a second."""
    deferred(LEVEL, count_tubes, write_counts)
