"""A file under a passphrase opens whole or not at all."""

import io
from typing import IO, Literal, cast
from unicodedata import normalize

import pytest

from chotxanh.keys import sealed_files
from chotxanh.keys.exporting import PassphraseWeak
from chotxanh.keys.sealed_files import FileDoesNotOpen, PassphraseUnreadable, SealedReader, SealingWriter

PASSPHRASE = "một câu khá dài, không ai đoán"
CHUNK, TAG = 64, 16


@pytest.fixture(autouse=True)
def small_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 64 bytes, and a passphrase that costs little."""
    monkeypatch.setattr(sealed_files, "CHUNK_BYTES", CHUNK)
    monkeypatch.setattr(sealed_files, "_WORK", 4)


def sealed(plain: bytes, passphrase: str = PASSPHRASE) -> bytes:
    stream = io.BytesIO()
    writer = SealingWriter(stream, passphrase)
    for start in range(0, len(plain), 50):
        writer.write(plain[start : start + 50])
    writer.close()
    return stream.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return SealedReader(io.BytesIO(content), passphrase).read()


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 1000])
def test_what_is_sealed_opens_as_it_was(length: int) -> None:
    plain = bytes(range(256)) * 4
    assert opened(sealed(plain[:length])) == plain[:length]


def test_it_is_read_in_portions_of_any_length() -> None:
    reader = SealedReader(io.BytesIO(sealed(bytes(range(200)))), PASSPHRASE)
    portions = [reader.read(most) for most in (1, 70, 0, 500, 5)]
    assert (b"".join(portions), portions[-1]) == (bytes(range(200)), b"")


def test_cut_off_anywhere_it_does_not_open() -> None:
    whole = sealed(bytes(4 * CHUNK))
    for length in range(len(whole)):
        with pytest.raises(FileDoesNotOpen):
            opened(whole[:length])


def test_altered_anywhere_it_does_not_open() -> None:
    whole = sealed(bytes(2 * CHUNK))
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= 1
        with pytest.raises(FileDoesNotOpen):
            opened(bytes(altered))


def test_with_chunks_moved_repeated_or_of_another_file_it_does_not_open() -> None:
    begin = len(whole := sealed(bytes(4 * CHUNK))) - 4 * (CHUNK + TAG)
    header, first, second, *rest = (
        whole[:begin],
        *(whole[at : at + CHUNK + TAG] for at in range(begin, len(whole), CHUNK + TAG)),
    )
    other = sealed(bytes(4 * CHUNK))[begin : begin + CHUNK + TAG]
    for parts in (
        [second, first, *rest],
        [first, first, second, *rest],
        [other, second, *rest],
        [first, *rest],
    ):
        with pytest.raises(FileDoesNotOpen):
            opened(header + b"".join(parts))


def test_another_passphrase_opens_nothing_and_a_short_one_seals_nothing() -> None:
    with pytest.raises(FileDoesNotOpen):
        opened(sealed(b"secret"), "một câu khá dài, không ai đoán ra")
    with pytest.raises(PassphraseWeak):
        SealingWriter(cast(IO[bytes], io.BytesIO()), "ngắn")


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("sealed_as", ["NFC", "NFD", "as older releases did"])
def test_the_same_words_typed_on_another_keyboard_open_it(
    typed: Literal["NFC", "NFD"], sealed_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, way = bytes(3 * CHUNK), "NFC" if sealed_as == "NFC" else "NFD"
    with monkeypatch.context() as older:
        if sealed_as == "as older releases did":
            older.setattr(sealed_files, "normalize", lambda _form, words: words)
        content = sealed(plain, normalize(way, PASSPHRASE))  # type: ignore[arg-type]
    assert opened(content, normalize(typed, PASSPHRASE)) == plain


def test_a_passphrase_that_is_no_utf8_is_said_so() -> None:
    words = PASSPHRASE + "\udcff"
    with pytest.raises(PassphraseUnreadable):
        sealed(b"", words)
    with pytest.raises(PassphraseUnreadable):
        opened(sealed(b""), words)
