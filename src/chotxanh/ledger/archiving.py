"""Moves the facts of old entries into signed archive files, and back; id and digest stay."""

import glob
import gzip
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from chotxanh.domain.base64url import from_base64url, to_base64url
from chotxanh.domain.kinds import Answer
from chotxanh.keys.signatures import verifies
from chotxanh.keys.signers import node_key
from chotxanh.ledger.anchors import MEASURED
from chotxanh.ledger.entries import ERASED
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.models import Entry, Remark
from chotxanh.protocol.kinds import kinds_where
from chotxanh.storage.files import hold, reach_disk

PART = 500
PART_SUFFIX, SIGNATURE_SUFFIX = ".part", ".sig"  # of a file that is being written, and of its signature
# Younger facts stay, whoever asks.
LEAST_DAYS = 90
YOUNGEST = timedelta(days=LEAST_DAYS)
LOCK = "archiving.lock"


class ArchiveBroken(Exception):
    """The file is not what this node signed, or says something else than the ledger's digests."""


class ArchiveInUse(Exception):
    """Another process archives or restores just now."""


class ArchivedEntry(msgspec.Struct, frozen=True):
    """One line of an archive."""

    id: UUID
    body: str


_lines = msgspec.json.Decoder(ArchivedEntry)


def archive_entries(before: datetime, file: Path) -> int:
    """Move the facts of applied entries received before `before` (UTC) into `file`; return how many.

    The bodies leave the table only once the file and its signature are on the disk and read back. A file that is
    there already is what an earlier call had written when it was stopped: its bodies leave now.
    Raises ArchiveBroken, ArchiveInUse.
    """
    with _alone():
        if not file.exists():
            _write(file, _archivable(before))
        return sum(_empty(part) for part in _parts(file))


def restore_entries(file: Path) -> int:
    """Bring facts back, so that the tables can be rebuilt; return how many.

    Raises ArchiveBroken, ArchiveInUse, FileNotFoundError.
    """
    with _alone():
        return sum(_fill(part) for part in _parts(file))


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only one of this home who moves facts: a worker's lease may end before a large archive is written."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with hold(home / LOCK) as is_ours:
        if not is_ours:
            raise ArchiveInUse
        yield


def has_archived_entries() -> bool:
    """Say whether facts are missing that a rebuild would need."""
    return Entry.objects.filter(answer=Answer.APPLIED, body="").exists()


def has_archivable(before: datetime) -> bool:
    """Say whether there are facts received before a time (UTC) that may leave."""
    return _archivable(before).exists()


def _archivable(before: datetime) -> QuerySet[Entry]:
    """Return what may leave: what is recorded at posts and by citizens, and what the server decides.

    A measurement of a clock stays: an entry of its boot may still come; so do registers: deeds name them. What the
    office says, or decides how others are judged, stays with what it is about: once it is known that somebody's grant
    had ended, their word is marked, and has no effect any more.
    """
    return _leaving(Entry.objects.filter(received_at__lt=before)).exclude(body="").order_by("id")


def _leaving(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return those of these entries that may leave."""
    stay = kinds_where(lambda row: row.who.is_register or row.who.is_offices or row.changes_judging)
    spoken_of = Remark.objects.filter(entry=OuterRef("id")).exclude(what=ERASED)
    applied = entries.filter(~Exists(spoken_of), answer=Answer.APPLIED, unsettled_boot=None)
    return applied.exclude(kind__in=stay | {MEASURED})


def _write(file: Path, entries: QuerySet[Entry]) -> None:
    """Write the archive and its signature under names of this call alone, and name both once they are on the disk.

    The signature comes first: one that lies alone was left by a call that was stopped here, and is of nothing.
    """
    for left in file.parent.glob(f"{glob.escape(file.name)}.*{PART_SUFFIX}"):
        left.unlink()
    with (
        _draft_of(file) as (draft, raw),
        gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as stream,
    ):
        for id, body in entries.values_list("id", "body").iterator(chunk_size=PART):
            stream.write(msgspec.json.encode(ArchivedEntry(id, body)) + b"\n")
    with draft.open("rb") as written:
        signature = to_base64url(node_key().sign(_signed_text(written)))
    with _draft_of(file) as (draft_of_signature, raw):
        raw.write(signature.encode("ascii"))
    draft_of_signature.replace(signature_of(file))
    draft.replace(file)
    reach_disk(file.parent)


@contextmanager
def _draft_of(file: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """Give a new file beside this one, which is on the disk once the block ends; without its end it is gone."""
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=PART_SUFFIX, dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            yield Path(name), raw
            raw.flush()
            os.fsync(raw.fileno())
    except BaseException:
        Path(name).unlink()
        raise


def _parts(file: Path) -> Iterator[list[ArchivedEntry]]:
    """Yield the archive's lines in parts, after checking its signature and each line against the ledger.

    What is checked is what is read: one file, opened once.
    """
    with file.open("rb") as raw:
        if not _is_signed(raw, signature_of(file), node_key().public_point):
            raise ArchiveBroken(f"{file.name}: the signature is not this node's")
        raw.seek(0)
        part: list[ArchivedEntry] = []
        with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
            for line in stream:
                part.append(_lines.decode(line))
                if len(part) == PART:
                    yield part
                    part = []
        if part:
            yield part


def _empty(part: Sequence[ArchivedEntry]) -> int:
    with transaction.atomic(), in_ledger(is_alone=True):
        rows = _leaving(_rows_of(part)).exclude(body="")
        return rows.update(body="")


def _fill(part: Sequence[ArchivedEntry]) -> int:
    with transaction.atomic():
        rows = list(_rows_of(part).filter(body=""))
        bodies = {line.id: line.body for line in part}
        for row in rows:
            row.body = bodies[row.id]
        Entry.objects.bulk_update(rows, ["body"])
    return len(rows)


def _rows_of(part: Sequence[ArchivedEntry]) -> QuerySet[Entry]:
    """Return the entries of these lines. Raises ArchiveBroken if one says something else than its digest."""
    rows = Entry.objects.filter(id__in=[line.id for line in part])
    digests = {id: bytes(digest) for id, digest in rows.values_list("id", "digest")}
    for line in part:
        if digests.get(line.id) != hashlib.sha256(line.body.encode()).digest():
            raise ArchiveBroken(f"entry {line.id} is not the one in the ledger")
    return rows


def signature_of(file: Path) -> Path:
    """Return where the signature of an archive lies."""
    return file.with_name(f"{file.name}{SIGNATURE_SUFFIX}")


def is_signed_by(file: Path, point: bytes) -> bool:
    """Say whether an archive is what the node with this public point signed."""
    with file.open("rb") as content:
        return _is_signed(content, signature_of(file), point)


def _is_signed(content: BufferedReader, signature: Path, point: bytes) -> bool:
    try:
        proof = from_base64url(signature.read_bytes().decode("ascii"))
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    return proof is not None and verifies(point, _signed_text(content), proof)


def _signed_text(content: BufferedReader) -> bytes:
    return b"archive:" + hashlib.file_digest(content, "sha256").hexdigest().encode()
