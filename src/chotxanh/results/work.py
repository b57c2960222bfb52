"""What the worker does for results."""

from chotxanh.results.followups import waiting


def register_work() -> None:
    """Declare the errands and daily jobs of follow-ups."""
    waiting.register_work()
