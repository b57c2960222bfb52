"""Turns what the environment says into Django's structures: database addresses and the server's secret."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from chotxanh.domain.problems import Problem

SQLITE_BUSY_SECONDS = 30


def database_of(url: str | None, home: Path) -> dict[str, Any]:
    """Describe the database at `url` (`postgresql://...` or `sqlite:///path`) as Django wants it.

    Without a URL the database is one SQLite file in `home`. Raises Problem("database_url_unknown").
    """
    if not url:
        return _sqlite(home / "chotxanh.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in ("postgres", "postgresql"):
        return _postgresql(url)
    raise Problem("database_url_unknown", scheme=parts.scheme)


def secret_key_of(home: Path) -> str:
    """Read the server's secret, making it at first use; it lies outside the database, readable by its owner alone."""
    given = os.environ.get("CHOTXANH_SECRET_KEY")
    if given:
        return given
    file = home / "keys" / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(file, secrets.token_urlsafe(48).encode())
    return file.read_text(encoding="utf-8")


def write_once(file: Path, content: bytes) -> None:
    """Write a secret so that of two processes starting together one wins and both read the same."""
    draft = _write_draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_file(file: Path, content: bytes) -> None:
    """Put new content in place of a secret file in one step, so that a crash leaves the old or the new one."""
    _write_draft(file, content).replace(file)


def _write_draft(file: Path, content: bytes) -> Path:
    """Write beside `file`, readable by its owner alone, and on the disk before it is given its name."""
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def _sqlite(file: Path) -> dict[str, Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        # One file for each run of the tests: two runs at once would empty each other's tables.
        "TEST": {"NAME": str(file.with_name(f"test-{os.getpid()}.sqlite3"))},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 20},
            "prepare_threshold": 2,  # Django turns preparing off; planning anew costs more than running
        },
    }
