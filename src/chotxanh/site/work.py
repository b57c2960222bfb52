"""What the worker does for the deployment itself."""

from chotxanh.site.watch import waking


def register_work() -> None:
    """Declare the errand that wakes whoever is on duty."""
    waking.register_work()
