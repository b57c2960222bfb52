"""What the worker does for results."""

from chotxanh.ledger.worker.registry import errand
from chotxanh.registers.rules.entries import MEANING_CHANGED
from chotxanh.results.followups import waiting
from chotxanh.results.meaning_changes import decide_by_new_meaning


def register_work() -> None:
    """Declare the errands and daily jobs of results and follow-ups; a rebuild knows every rule from the beginning."""
    waiting.register_work()
    errand(MEANING_CHANGED, decide_by_new_meaning, leaves_house=False, is_done_by_rebuild=True)
