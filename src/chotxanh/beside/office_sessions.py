"""Sessions of the office: found by the SHA-256 of their key and kept sealed, so that no dump opens one.

They end when nobody pressed anything for a while, and in any case some hours after they began; both are settings.
"""

import hashlib
import itertools
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from chotxanh.beside.models import OfficeSession
from chotxanh.keys.sealing import SealBroken, seal, unseal

BROWSER = "browser"  # where a session keeps in which browser it was begun
SEEN_EVERY = timedelta(minutes=1)  # what happens within this time is not written again
PRUNE_EVERY = 100
_created = itertools.count(1)


class SessionStore(SessionBase):
    """One session, as Django asks for it (`SESSION_ENGINE`)."""

    _row: OfficeSession | None = None

    def exists(self, session_key: str) -> bool:
        """Say whether there is one under this key."""
        return OfficeSession.objects.filter(digest=_digest(session_key)).exists()

    def create(self) -> None:
        """Begin a session under a key of its own."""
        while True:
            self._session_key = secrets.token_urlsafe(24)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing of one that is over or that no key on the ring opens."""
        digest = _digest(self._session_key or "")
        row = open_sessions(timezone.now()).filter(digest=digest).first()
        try:
            if row is not None:
                kept: dict[str, Any] = msgspec.json.decode(unseal(bytes(row.sealed), digest))
                self._row = row
                return kept
        except SealBroken:
            pass
        self._session_key = None
        return {}

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep what the session holds. Raises CreateError for a key that is taken, UpdateError for one that ended."""
        if self._session_key is None:
            return self.create()
        held: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        digest = _digest(self._session_key)
        whose = held.get(SESSION_KEY)
        values = {
            "member": UUID(whose) if whose else None,
            "browser": str(held.get(BROWSER, "")),
            "sealed": seal(msgspec.json.encode(held), digest),
            "seen_at": now,
        }
        if not must_create:
            if not OfficeSession.objects.filter(digest=digest).update(**values):
                raise UpdateError
            return None
        if next(_created) % PRUNE_EVERY == 0:
            self.clear_expired()
        try:
            self._row = OfficeSession.objects.create(digest=digest, began_at=now, **values)
        except IntegrityError:
            raise CreateError from None
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End the session under this key, or this one."""
        key = session_key or self._session_key
        if key is not None:
            OfficeSession.objects.filter(digest=_digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget sessions that are over."""
        OfficeSession.objects.filter(began_at__lte=timezone.now() - settings.OFFICE_SESSION_LIFE).delete()

    @property
    def id(self) -> UUID | None:
        """The number of this session, by which its owner ends it; None before there is one."""
        self.accessed = True
        if self._row is None and self._session_key is not None:
            self.keys()  # looks for it
        return self._row.id if self._row else None

    def is_idle(self, now: datetime) -> bool:
        """Say whether nobody pressed anything for too long at `now` (UTC)."""
        row = self._row if self.id else None
        return row is not None and now - row.seen_at >= settings.OFFICE_IDLE_LIFE

    def note_seen(self, now: datetime) -> None:
        """Write down that somebody pressed something at `now` (UTC)."""
        row = self._row if self.id else None
        if row is not None and now - row.seen_at >= SEEN_EVERY:
            row.seen_at = now
            OfficeSession.objects.filter(id=row.id).update(seen_at=now)


def open_sessions(now: datetime) -> "QuerySet[OfficeSession]":
    """Return the sessions that are not over at `now` (UTC); whoever left one lying may have to sign in again."""
    return OfficeSession.objects.filter(began_at__gt=now - settings.OFFICE_SESSION_LIFE)


def sessions_of(member: UUID, now: datetime) -> "QuerySet[OfficeSession]":
    """Return a member's sessions that still open something, the latest used first."""
    in_use = open_sessions(now).filter(member=member, seen_at__gt=now - settings.OFFICE_IDLE_LIFE)
    return in_use.order_by("-seen_at", "id")


def end_office_sessions(member: UUID, *, but: UUID | None = None, only: UUID | None = None) -> int:
    """End a member's sessions: all, all but one, or one; return how many."""
    meant = OfficeSession.objects.filter(member=member)
    if but is not None:
        meant = meant.exclude(id=but)
    if only is not None:
        meant = meant.filter(id=only)
    return meant.delete()[0]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
