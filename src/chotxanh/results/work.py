"""What the worker does for results."""

from chotxanh.ledger.worker.registry import AtRebuild, errand
from chotxanh.registers.rules.entries import MEANING_CHANGED
from chotxanh.results.followups import waiting
from chotxanh.results.meaning_changes import decide_by_new_meaning


def register_work() -> None:
    """Declare the errands and daily jobs of results and follow-ups.

    What a new meaning decides are entries: a rebuild decides nothing, so what waits for it goes on waiting.
    """
    waiting.register_work()
    errand(
        MEANING_CHANGED, decide_by_new_meaning, leaves_house=False, at_rebuild=AtRebuild.KEPT, is_at_once=True
    )
