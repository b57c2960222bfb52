"""Pools: who may be in one tube, and whom its result speaks of."""

from enum import StrEnum

LARGEST_POOL = 20


class PoolKind(StrEnum):
    """How many people share a tube: one, or several whose swabs went in at collection."""

    SINGLE = "single"
    POOL = "pool_at_collection"


class ResultValue(StrEnum):
    """What a test can say."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INVALID = "invalid"
    INCONCLUSIVE = "inconclusive"
    READ_LATE = "read_late"


def is_everyones_own(pool_kind: PoolKind, value: ResultValue) -> bool:
    """Say whether a tube's value is each member's own result.

    A negative pool makes every member negative; a positive pool makes nobody positive; an invalid or
    inconclusive tube, or one read late, says nothing about anyone (Decision 1817/QĐ-BYT of 2021 on pooled samples).
    """
    if value is ResultValue.NEGATIVE:
        return True
    return value is ResultValue.POSITIVE and pool_kind is PoolKind.SINGLE
