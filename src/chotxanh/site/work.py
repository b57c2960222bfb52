"""What the worker does for the deployment itself, and what the calendar does of what is over."""

from chotxanh.site import kept_orders, nightly
from chotxanh.site.watch import waking


def register_work() -> None:
    """Declare the errand that wakes whoever is on duty, the jobs of each night, and what keeps orders to erase."""
    waking.register_work()
    nightly.register_work()
    kept_orders.register_work()
