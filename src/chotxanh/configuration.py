"""Turns what the environment says into Django's structures: database addresses and the server's secret."""

import os
import re
import secrets
import string
import tempfile
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from chotxanh.domain.problems import Problem

_SQLITE = "django.db.backends.sqlite3"


@dataclass(frozen=True)
class _Care:
    """What a SQLite file's commits wait for: the disk or not, and another writer for so long."""

    synchronous: str
    busy_seconds: int


_MAIN, _BESIDE = _Care("FULL", 30), _Care("NORMAL", 5)


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


def databases_of(url: str | None, home: Path) -> dict[str, dict[str, Any]]:
    """Return the database at `url` as `default`; beside a SQLite file a second one, so that looking never waits.

    Raises Problem("database_url_unknown").
    """
    main = database_of(url, home)
    if main["ENGINE"] != _SQLITE:
        return {"default": main}
    file = Path(main["NAME"])
    return {"default": main, "beside": _sqlite(file.with_name(f"{file.stem}.beside{file.suffix}"), _BESIDE)}


class Networks(tuple[IPv4Network | IPv6Network, ...]):
    """Networks, remembered by as one thing: to hash each of them anew costs more than to read an address."""

    __slots__ = ()
    __hash__ = object.__hash__


def networks_of(words: str) -> Networks:
    """Read networks with commas between them, `203.0.113.0/24,2001:db8::/48`. Raises Problem("setting_invalid")."""
    try:
        return Networks(ip_network(word.strip(), strict=False) for word in words.split(",") if word.strip())
    except ValueError:
        raise Problem("setting_invalid", value=words) from None


def count_of(words: str) -> int:
    """Read a number of things, 0 to 9. Raises Problem("setting_invalid")."""
    if len(words) != 1 or words not in string.digits:
        raise Problem("setting_invalid", value=words)
    return int(words)


def number_of(words: str, least: int, most: int) -> int:
    """Read a whole number from `least` to `most`. Raises Problem("setting_invalid")."""
    is_number = words.isascii() and words.isdigit() and len(words) <= len(str(most))
    if not is_number or not least <= int(words) <= most:
        raise Problem("setting_invalid", value=words)
    return int(words)


def unit_of(words: str) -> str:
    """Read an administrative unit with its scheme, `nso-2021:77`. Raises Problem("setting_invalid")."""
    if not re.fullmatch(r"nso-20[0-9]{2}:[0-9]{2,5}", words):
        raise Problem("setting_invalid", value=words)
    return words


def secret_key_of(home: Path) -> str:
    """Read the server's secret, making it at first use; it lies outside the database, readable by its owner alone."""
    given = os.environ.get("CHOTXANH_SECRET_KEY")
    if given:
        return given
    file = home / "keys" / "secret-key"
    if not file.exists():
        file.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.mkdir(exist_ok=True, mode=0o700)
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


def _sqlite(file: Path, care: _Care = _MAIN) -> dict[str, Any]:
    _make_private(file)
    return {
        "ENGINE": _SQLITE,
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": care.busy_seconds,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={care.synchronous}; PRAGMA foreign_keys=ON;",
        },
        # One file for each run of the tests: two runs at once would empty each other's tables.
        "TEST": {"NAME": str(file.with_name(f"test-{os.getpid()}-{file.name}"))},
    }


def _make_private(file: Path) -> None:
    """Let nobody but its owner read a database; what SQLite writes beside it has the file's own mode."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        file.touch(mode=0o600)
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
    except OSError:  # a folder that nobody may write into, or another's file: the database itself says so
        return


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "chotxanh.storage.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,  # each of the few threads keeps its own: to hand it round costs as much as a look-up
        "OPTIONS": {
            "prepare_threshold": 2,  # Django turns preparing off; planning anew costs more than running
            # An index is no dearer than the table on today's disks. With the default, statements first planned while a
            # province is empty read whole tables until statistics come; they were four fifths of a result's cost. That
            # makes it rarer, `enable_seqscan` ends it: where an index serves, no table is read whole, however small it
            # was when the plan was made.
            "options": "-c random_page_cost=1.1 -c jit=off -c enable_seqscan=off",
        },
    }
