"""A file of any length under a passphrase: scrypt (RFC 7914), then AES-256-GCM in chunks that know their place.

The first bytes are MAGIC, a salt of 16 bytes and the binary logarithm of scrypt's N (r = 8, p = 1). Each chunk is
sealed under its number and whether it is the last (the construction STREAM of Hoang, Reyhanitabar, Rogaway and Vizar,
2015): what is cut off, altered, moved or added does not open.
"""

import os
from typing import IO
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from chotxanh.keys.exporting import SHORTEST_PASSPHRASE, PassphraseWeak

MAGIC = b"chotxanh-backup-1\n"
_SALT_BYTES, _KEY_BYTES, _TAG_BYTES = 16, 32, 16
_WORK, _MOST_WORK = 17, 20  # 128 MB and half a second: a guess costs as much
_HEADER_BYTES = len(MAGIC) + _SALT_BYTES + 1
CHUNK_BYTES = 1 << 20


class FileDoesNotOpen(Exception):
    """It is no such file, is not whole, was altered, or the passphrase is another."""


class PassphraseUnreadable(Exception):
    """The passphrase is not UTF-8."""


class SealingWriter:
    """Seals what is written into `stream`; `close` seals the last of it and leaves the stream open."""

    def __init__(self, stream: IO[bytes], passphrase: str) -> None:
        """Begin the file. Raises PassphraseWeak, PassphraseUnreadable."""
        passphrase = normalize("NFC", passphrase)
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise PassphraseWeak
        self._stream = stream
        self._header = MAGIC + os.urandom(_SALT_BYTES) + bytes((_WORK,))
        self._cipher = _cipher_of(self._header, passphrase)
        self._unsealed = bytearray()
        self._number = 0
        stream.write(self._header)

    def write(self, plain: bytes) -> int:
        """Take bytes; return how many."""
        self._unsealed += plain
        while len(self._unsealed) > CHUNK_BYTES:
            self._seal(bytes(self._unsealed[:CHUNK_BYTES]), is_last=False)
            del self._unsealed[:CHUNK_BYTES]
        return len(plain)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._unsealed), is_last=True)
        self._unsealed.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._stream.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, self._header))
        self._number += 1


class SealedReader:
    """Reads what a SealingWriter wrote. Opening and reading raise FileDoesNotOpen, opening PassphraseUnreadable.

    Keyboards write one Vietnamese letter as one sign or as several: each way to write the passphrase is tried, since
    older files were sealed as it was typed.
    """

    def __init__(self, stream: IO[bytes], passphrase: str) -> None:
        self._stream = stream
        self._header = stream.read(_HEADER_BYTES)
        is_ours = len(self._header) == _HEADER_BYTES and self._header.startswith(MAGIC)
        if not is_ours or not 1 <= self._header[-1] <= _MOST_WORK:
            raise FileDoesNotOpen
        _bytes_of(passphrase)
        ways = dict.fromkeys([passphrase, normalize("NFC", passphrase), normalize("NFD", passphrase)])
        self._ciphers = (_cipher_of(self._header, way) for way in ways)
        self._cipher: AESGCM | None = None
        self._next = stream.read(CHUNK_BYTES + _TAG_BYTES)
        self._opened = bytearray()
        self._number = 0
        self._is_over = False

    def read(self, most: int = -1) -> bytes:
        """Return at most so many bytes, all of them without a number; none at the end."""
        while not self._is_over and (most < 0 or len(self._opened) < most):
            self._open_next()
        taken = bytes(self._opened if most < 0 else self._opened[:most])
        del self._opened[: len(taken)]
        return taken

    def _open_next(self) -> None:
        sealed, self._next = self._next, self._stream.read(CHUNK_BYTES + _TAG_BYTES)
        self._is_over = not self._next
        for cipher in self._ciphers if self._cipher is None else [self._cipher]:
            try:
                nonce = _nonce(self._number, is_last=self._is_over)
                self._opened += cipher.decrypt(nonce, sealed, self._header)
            except (InvalidTag, ValueError):
                continue
            self._cipher = cipher
            break
        else:
            raise FileDoesNotOpen
        self._number += 1


def _cipher_of(header: bytes, passphrase: str) -> AESGCM:
    salt = header[len(MAGIC) : len(MAGIC) + _SALT_BYTES]
    return AESGCM(Scrypt(salt, _KEY_BYTES, 1 << header[-1], 8, 1).derive(_bytes_of(passphrase)))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((is_last,))


def _bytes_of(passphrase: str) -> bytes:
    try:
        return passphrase.encode()
    except UnicodeEncodeError:
        raise PassphraseUnreadable from None
