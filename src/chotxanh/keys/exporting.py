"""All keys of a server in one encrypted file: scrypt (RFC 7914) from a passphrase, then AES-256-GCM."""

import base64
import os
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from chotxanh.configuration import replace_file, write_once
from chotxanh.keys.faults import KeysMissing
from chotxanh.keys.ring import RING_FILE
from chotxanh.keys.signers import AUTHORITY_FILE, CERTIFICATE_FILE, NODE_FILE, SIGNER_FILE

SHORTEST_PASSPHRASE = 16
NEEDED = (RING_FILE, NODE_FILE, SIGNER_FILE, CERTIFICATE_FILE)
# Signs sessions only: whatever process starts first makes it, so that an import replaces it.
SECRET_FILE = "secret-key"  # noqa: S105 -- a name
TRUSTED_FOLDER = "trusted"
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_WORK, _BLOCK, _LANES = 2**16, 8, 1  # 64 MB, a quarter of a second: a guess costs as much
_MOST_WORK = 2**20
_FORMAT: Literal["chotxanh-keys"] = "chotxanh-keys"
_NAME = r"\A(trusted/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z"
_Files = dict[Annotated[str, msgspec.Meta(pattern=_NAME)], str]


class PassphraseWeak(Exception):
    """The passphrase has fewer than SHORTEST_PASSPHRASE characters."""


class ExportUnreadable(Exception):
    """The file is not an export of keys, was altered, or the passphrase is another."""


class KeysInTheWay(Exception):
    """Another key lies where one would be put; its name is the only argument."""


class _Export(msgspec.Struct, frozen=True):
    """The file: JSON with base64 texts. `work`, `block` and `lanes` are N, r and p of scrypt."""

    format: Literal["chotxanh-keys"]
    work: Annotated[int, msgspec.Meta(ge=2, le=_MOST_WORK)]
    block: Annotated[int, msgspec.Meta(ge=1, le=32)]
    lanes: Annotated[int, msgspec.Meta(ge=1, le=4)]
    salt: str
    nonce: str
    sealed: str


def export_keys(passphrase: str, *, is_authority_alone: bool = False) -> bytes:
    """Return the keys of this server, encrypted. Raises PassphraseWeak, KeysMissing."""
    files = [AUTHORITY_FILE] if is_authority_alone else _names()
    content = {name: base64.b64encode(_read(name)).decode() for name in files}
    return seal_with_passphrase(msgspec.json.encode(content), passphrase)


def import_keys(export: bytes, passphrase: str) -> list[str]:
    """Put the keys of an export into their folder and return their names; a key that is there already stays.

    Raises ExportUnreadable, and KeysInTheWay before anything is written.
    """
    opened = open_with_passphrase(export, passphrase)
    try:
        files = {
            name: base64.b64decode(text) for name, text in msgspec.json.decode(opened, type=_Files).items()
        }
    except (msgspec.DecodeError, ValueError) as broken:
        raise ExportUnreadable from broken
    folder = Path(settings.KEYS_DIRECTORY)
    for name, content in files.items():
        there = folder / name
        if name != SECRET_FILE and there.exists() and there.read_bytes() != content:
            raise KeysInTheWay(name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True, mode=0o700)
        if name == SECRET_FILE:
            replace_file(folder / name, content)
        else:
            write_once(folder / name, content)
    return sorted(files)


def seal_with_passphrase(plain: bytes, passphrase: str) -> bytes:
    """Encrypt bytes under a passphrase. Raises PassphraseWeak."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseWeak
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    key = Scrypt(salt, _KEY_BYTES, _WORK, _BLOCK, _LANES).derive(passphrase.encode())
    sealed = AESGCM(key).encrypt(nonce, plain, _FORMAT.encode())
    texts = (base64.b64encode(part).decode() for part in (salt, nonce, sealed))
    return msgspec.json.encode(_Export(_FORMAT, _WORK, _BLOCK, _LANES, *texts))


def open_with_passphrase(export: bytes, passphrase: str) -> bytes:
    """Decrypt what `seal_with_passphrase` made. Raises ExportUnreadable."""
    try:
        read = msgspec.json.decode(export, type=_Export)
        salt, nonce, sealed = (base64.b64decode(text) for text in (read.salt, read.nonce, read.sealed))
        key = Scrypt(salt, _KEY_BYTES, read.work, read.block, read.lanes).derive(passphrase.encode())
        return AESGCM(key).decrypt(nonce, sealed, _FORMAT.encode())
    except (msgspec.DecodeError, InvalidTag, ValueError) as broken:
        raise ExportUnreadable from broken


def _names() -> list[str]:
    folder = Path(settings.KEYS_DIRECTORY)
    others = [name for name in (AUTHORITY_FILE, SECRET_FILE) if (folder / name).exists()]
    trusted = [f"{TRUSTED_FOLDER}/{file.name}" for file in sorted((folder / TRUSTED_FOLDER).glob("*.der"))]
    return [*NEEDED, *others, *trusted]


def _read(name: str) -> bytes:
    try:
        return Path(settings.KEYS_DIRECTORY, name).read_bytes()
    except FileNotFoundError:
        raise KeysMissing(name) from None
