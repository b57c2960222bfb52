"""Whom to run as where PostgreSQL refuses to run: it will not start as root."""

import sys
from typing import TypedDict

USERS = ("postgres", "nobody")


class Account(TypedDict, total=False):
    """The part of `subprocess` options that names a user; empty to stay who one is."""

    user: int
    group: int
    extra_groups: list[int]


if sys.platform == "win32":

    def account() -> Account:
        """Return nobody: there is no root here."""
        return {}

else:
    import os
    import pwd

    def account() -> Account:
        """Return the user to run as if this process is root, otherwise nobody."""
        if os.geteuid() != 0:
            return {}
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = next(known[name] for name in USERS if name in known)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
