"""The work of a post as grants: what each role does there, and so who may record what (field rule B1)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from chotxanh.domain.kinds import Role


class Work(StrEnum):
    """One kind of work at a post."""

    DATA_ENTRY = "data_entry"  # declares for people and keys paper
    SAMPLING = "sampling"  # opens tubes and puts people into them
    READING = "reading"  # sets tests going and says what they said
    SIGNING = "signing"  # countersigns, hands over slips, notes who was told
    TRAFFIC = "traffic"  # police and soldiers: a plate, one light, the sentence to say


# An officer does all of the station's work, and so does the head of the post, who also decides (`LEADS`).
WORKS: Mapping[Role, frozenset[Work]] = {
    Role.DATA_ENTRY: frozenset({Work.DATA_ENTRY}),
    Role.SAMPLING: frozenset({Work.SAMPLING}),
    Role.READING: frozenset({Work.READING}),
    Role.SIGNING: frozenset({Work.SIGNING}),
    Role.TRAFFIC: frozenset({Work.TRAFFIC}),
    Role.OFFICER: frozenset(Work),
    Role.TECHNICIAN: frozenset({Work.READING, Work.SIGNING}),
    Role.LEAD: frozenset(Work),
    Role.DATA_PROTECTION: frozenset(),
    Role.PHYSICIAN: frozenset(),
}


def roles_with(works: Collection[Work]) -> frozenset[Role]:
    """Return the roles that do one of these works."""
    return frozenset(role for role, theirs in WORKS.items() if not theirs.isdisjoint(works))


DECLARERS = roles_with({Work.DATA_ENTRY})
SAMPLERS = roles_with({Work.SAMPLING})
READERS = roles_with({Work.READING})
SIGNERS = roles_with({Work.SIGNING})
# Whose grants name ways of testing: what they say or sign of another is marked.
TESTERS = READERS | SIGNERS
AT_POSTS = roles_with(frozenset(Work))
