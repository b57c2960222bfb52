"""Moves the facts of old entries into signed archive files, and back; id and digest stay."""

import gzip
import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
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

PART = 500
# Younger facts stay, whoever asks.
LEAST_DAYS = 90
YOUNGEST = timedelta(days=LEAST_DAYS)


class ArchiveBroken(Exception):
    """The file is not what this node signed, or says something else than the ledger's digests."""


class ArchivedEntry(msgspec.Struct, frozen=True):
    """One line of an archive."""

    id: UUID
    body: str


_lines = msgspec.json.Decoder(ArchivedEntry)


def archive_entries(before: datetime, file: Path) -> int:
    """Move the facts of applied entries received before `before` (UTC) into `file`; return how many.

    The bodies leave the table only once the file and its signature are on the disk and read back. A file that is
    there already is what an earlier call had written when it was stopped: its bodies leave now.
    Raises ArchiveBroken.
    """
    if not file.exists():
        _write(file, _archivable(before))
    return sum(_empty(part) for part in _parts(file))


def restore_entries(file: Path) -> int:
    """Bring facts back, so that the tables can be rebuilt; return how many. Raises ArchiveBroken."""
    return sum(_fill(part) for part in _parts(file))


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
    old = Entry.objects.filter(answer=Answer.APPLIED, received_at__lt=before)
    spoken_of = Remark.objects.filter(entry=OuterRef("id")).exclude(what=ERASED)
    return _leaving(old).exclude(body="").filter(~Exists(spoken_of), unsettled_boot=None).order_by("id")


def _leaving(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return those of these entries whose kind may leave."""
    stay = kinds_where(lambda row: row.who.is_register or row.who.is_offices or row.changes_judging)
    return entries.exclude(kind__in=stay | {MEASURED})


def _write(file: Path, entries: QuerySet[Entry]) -> None:
    draft = file.with_name(f"{file.name}.part")
    draft.touch(mode=0o600)
    with draft.open("wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as stream:
            for id, body in entries.values_list("id", "body").iterator(chunk_size=PART):
                stream.write(msgspec.json.encode(ArchivedEntry(id, body)) + b"\n")
        raw.flush()
        os.fsync(raw.fileno())
    signature = _signature_of(file)
    signature.touch(mode=0o600)
    with signature.open("w", encoding="ascii") as stream_of_text:
        stream_of_text.write(to_base64url(node_key().sign(_signed_text(draft))))
        stream_of_text.flush()
        os.fsync(stream_of_text.fileno())
    draft.replace(file)


def _parts(file: Path) -> Iterator[list[ArchivedEntry]]:
    """Yield the archive's lines in parts, after checking its signature and each line against the ledger."""
    signature = from_base64url(_signature_of(file).read_text(encoding="ascii"))
    if signature is None or not verifies(node_key().public_point, _signed_text(file), signature):
        raise ArchiveBroken(f"{file.name}: the signature is not this node's")
    part: list[ArchivedEntry] = []
    with gzip.open(file) as stream:
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


def _signature_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sig")


def _signed_text(file: Path) -> bytes:
    with file.open("rb") as stream:
        return b"archive:" + hashlib.file_digest(stream, "sha256").hexdigest().encode()
