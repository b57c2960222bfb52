"""One-time passwords: so long that nobody guesses one, and known again by a keyed digest before any slow hash."""

import hmac
import secrets
from uuid import UUID

from chotxanh.domain.codes import ALPHABET
from chotxanh.domain.problems import Problem
from chotxanh.domain.typed_passwords import read_password
from chotxanh.keys.sealing import blind_index
from chotxanh.registers.staff.models import Member

GROUPS, GROUP_LENGTH = 4, 4  # of 32 symbols: 80 bits


def new_one_time_password() -> str:
    """Return one that nobody had before, and that no door takes for a scanned code."""
    while True:
        groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
        password = "-".join(groups)
        try:
            return read_password(password)
        except Problem:
            continue


def digest_of(member: UUID, password: str) -> bytes:
    """Return the 16 bytes by which a member's one-time password is known again; without the ring they tell nothing."""
    return blind_index("one_time_password", f"{member} {password}")


def is_one_time_password(username: str, password: str) -> bool:
    """Say whether this is the one-time password of whoever has this name: one look-up and one HMAC.

    Those that were given before digests were kept, and those that their owner has changed, are not known so.
    """
    if not username.isprintable():
        return False
    live = Member.objects.filter(username=username, is_active=True, has_new_password=True)
    kept = live.filter(one_time_digest__isnull=False).values_list("id", "one_time_digest").first()
    return kept is not None and hmac.compare_digest(bytes(kept[1] or b""), digest_of(kept[0], password))
