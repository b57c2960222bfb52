"""What the worker does for the deployment itself, and what the calendar does of what is over."""

from chotxanh.site import nightly
from chotxanh.site.watch import waking


def register_work() -> None:
    """Declare the errand that wakes whoever is on duty, and the jobs of each night."""
    waking.register_work()
    nightly.register_work()
