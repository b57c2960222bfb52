"""Sealed bytes open only where they were sealed, whole, and with a key of the ring."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from pytest_django import Settings

from chotxanh.configuration import write_once
from chotxanh.keys.making import make_missing_keys
from chotxanh.keys.ring import add_seal_key, drop_seal_keys, key_ring, replace_blind_key, ring_file
from chotxanh.keys.sealing import SealBroken, blind_index, seal, seal_number, unseal

PLAIN = "Nguyễn Văn Đường".encode()


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> Path:
    """A ring of this test alone."""
    settings.KEYS_DIRECTORY = tmp_path / "keys"
    make_missing_keys()
    return ring_file()


def test_what_was_sealed_is_read_again(ring: Path) -> None:
    assert unseal(seal(PLAIN, b"row"), b"row") == PLAIN
    assert unseal(seal(b"", b""), b"") == b""


def test_the_same_text_is_never_sealed_alike(ring: Path) -> None:
    assert seal(PLAIN, b"row") != seal(PLAIN, b"row")


def test_bytes_moved_to_another_row_do_not_open(ring: Path) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(PLAIN, b"row"), b"another row")


def test_bytes_changed_anywhere_do_not_open(ring: Path) -> None:
    sealed = seal(PLAIN, b"row")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(bytes(changed), b"row")


@pytest.mark.parametrize("length", [0, 1, 2, 13, 14, 29])
def test_bytes_cut_short_do_not_open(ring: Path, length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(PLAIN, b"row")[:length], b"row")


def test_a_new_key_seals_and_the_old_one_still_opens(ring: Path) -> None:
    old = seal(PLAIN, b"row")
    assert add_seal_key() == 2
    assert seal_number(seal(PLAIN, b"row")) == 2
    assert unseal(old, b"row") == PLAIN


def test_a_dropped_key_opens_nothing_more(ring: Path) -> None:
    old = seal(PLAIN, b"row")
    drop_seal_keys(add_seal_key())
    with pytest.raises(SealBroken):
        unseal(old, b"row")


def test_a_rotation_by_another_process_is_seen_at_once(ring: Path) -> None:
    assert key_ring().active == 1
    stored = json.loads(ring.read_text())
    stored["seals"]["7"] = stored["seals"]["1"]
    draft = ring.with_name("draft")
    draft.write_text(json.dumps(stored))
    draft.replace(ring)
    assert seal_number(seal(PLAIN, b"row")) == 7


def test_an_index_finds_equal_values_of_one_field_only(ring: Path) -> None:
    index = blind_index("phone", "+84912345678")
    assert len(index) == 16
    assert blind_index("phone", "+84912345678") == index
    assert blind_index("id_number", "+84912345678") != index
    replace_blind_key(bytes(32))
    assert blind_index("phone", "+84912345678") != index


def test_every_key_file_is_for_its_owner_alone(ring: Path) -> None:
    add_seal_key()
    modes = {file.name: file.stat().st_mode & 0o777 for file in ring.parent.iterdir()}
    assert set(modes) >= {"ring.json", "node.pem", "document-signer.pem", "signing-authority.pem"}
    assert set(modes.values()) == {0o600}
    assert ring.parent.stat().st_mode & 0o777 == 0o700


def test_a_draft_left_by_a_crash_does_not_stop_the_next_start(ring: Path) -> None:
    ring.with_name(f"{ring.name}.{os.getpid()}").write_bytes(b"half")
    ring.with_name(f"{ring.name}.{os.getpid()}.new").write_bytes(b"half")
    assert key_ring().active == 1
    assert add_seal_key() == 2


def test_the_first_of_two_writers_wins_and_both_read_the_same(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_once(file, b"first")
    write_once(file, b"second")
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


def test_two_processes_that_start_together_use_the_same_keys(tmp_path: Path) -> None:
    script = (
        "import django; django.setup();"
        "from chotxanh.keys.making import make_missing_keys; make_missing_keys();"
        "from chotxanh.keys.ring import key_ring; from chotxanh.keys.signers import document_signer, node_key;"
        "print(key_ring().blind.hex(), node_key().public_point.hex(), document_signer().key_identifier.hex())"
    )
    environment = {
        **os.environ,
        "CHOTXANH_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "chotxanh.settings",
    }
    environment["PYTHONPATH"] = str(Path(project.PROJECT_ROOT, "src"))
    started = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    printed = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert printed[0] == printed[1] != ""
