"""What campaigns draw of testing: values, kits, methods, runs, and readings in and outside their window."""

from typing import Any

from tests.cast import ANY_TIME, RT_PCR, TIMED

VALUES = ("negative", "negative", "positive", "invalid", "inconclusive", "read_late")
CORRECTED = VALUES[:-1]
KITS = (ANY_TIME, TIMED)


def tested(one: int) -> dict[str, Any]:
    """Return how a tube was tested: mostly so that it counts, or by RT-PCR, again, or outside the window."""
    return (
        {},
        {},
        {"kit": TIMED},
        {"kit": TIMED, "started": 20, "read": 0},
        {"test": RT_PCR, "kit": None},
        {"run": 2},
    )[one % 6]


def methods(number: int, **facts: Any) -> dict[str, Any]:
    """Return facts with the ways of testing that a grant or an authorisation names: all, one or none."""
    return facts | {"methods": (["ag_rapid", "rt_pcr"], ["ag_rapid"], [])[number % 3]}
