"""What members do now, in the reader's language: for lists and for the badges."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chotxanh.domain.kinds import Role
from chotxanh.language.texts import text
from chotxanh.registers.staff.grants import grants_of, is_in_force


def roles_of(members: Collection[UUID], at: datetime) -> dict[UUID, str]:
    """Return the roles that each of these members has at `at` (UTC), each once, in the order of the roles."""
    held = {
        member: {grant.role for grant in grants if is_in_force(grant, at)}
        for member, grants in grants_of(members).items()
    }
    return {member: in_words(roles) for member, roles in held.items()}


def in_words(roles: Collection[str]) -> str:
    """Return roles as people read them."""
    return ", ".join(text(f"registers.role.{role.value}") for role in Role if role.value in roles)
