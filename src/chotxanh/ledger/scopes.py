"""Which part of the feed a member may read at a checkpoint."""

from datetime import datetime

from chotxanh.domain.problems import Problem
from chotxanh.registers.posts.models import Checkpoint
from chotxanh.registers.staff.grants import checkpoints_of
from chotxanh.registers.staff.models import Member


def facility_of_checkpoint(member: Member, checkpoint: str, at: datetime) -> str:
    """Return the facility whose tubes a checkpoint shows. Raises Problem: `checkpoint_unknown`, `not_allowed`."""
    # PostgreSQL cannot even look for a NUL.
    found = Checkpoint.objects.filter(code=checkpoint).first() if checkpoint.isprintable() else None
    if found is None:
        raise Problem("checkpoint_unknown")
    if found.code not in {each.code for each in checkpoints_for(member, at)}:
        raise Problem("not_allowed")
    return found.facility


def checkpoints_for(member: Member, at: datetime) -> list[Checkpoint]:
    """Return the checkpoints where a member may work at `at` (UTC), in the order of the road."""
    checkpoints, facilities, is_everywhere = checkpoints_of(member.grants.all(), at)
    return [
        each
        for each in Checkpoint.objects.prefetch_related("lanes")
        if is_everywhere or each.code in checkpoints or each.facility in facilities
    ]
