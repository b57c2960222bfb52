"""What the worker does for statistics."""

from chotxanh.ledger.worker.registry import deferred
from chotxanh.results.people import COUNTED
from chotxanh.statistics.hours import count_tubes, write_counts


def register_work() -> None:
    """Declare the sums that may lag behind by a second."""
    deferred(COUNTED, count_tubes, write_counts)
