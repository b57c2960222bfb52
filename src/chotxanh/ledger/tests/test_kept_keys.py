"""Keys are made for an empty database alone; behind one that holds something nothing makes them anew (finding D2)."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chotxanh.keys.faults import KeysMissing, KeysUnfit
from chotxanh.keys.making import make_missing_keys
from chotxanh.keys.sealing import seal
from chotxanh.ledger.kept_keys import settle_keys
from chotxanh.ledger.models import Entry
from chotxanh.people.models import Registration
from chotxanh.site.cards import person_cards
from tests.cast import ASSISTANT, DRIVER
from tests.stage import Stage

FILES = ["ring.json", "node.pem", "document-signer.pem", "document-signer.der"]


@pytest.fixture
def kept(declared: Stage, own_keys: Path, tmp_path: Path, settings: Settings) -> Path:
    """The folder of the keys of a database that holds five people, and that this test may spoil."""
    settings.KEYS_DIRECTORY = shutil.copytree(own_keys, tmp_path / "keys")
    settle_keys()
    return tmp_path / "keys"


def test_an_empty_database_gets_its_keys(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.KEYS_DIRECTORY = tmp_path / "keys"
    settle_keys()
    assert {file.name for file in (tmp_path / "keys").iterdir()} == {*FILES, "signing-authority.pem"}
    settle_keys()


@pytest.mark.parametrize("name", FILES)
def test_d2_a_key_that_is_missing_is_not_made_anew(kept: Path, name: str, settings: Settings) -> None:
    settings.KEYS_DIRECTORY = shutil.copytree(
        kept, kept.with_name("elsewhere")
    )  # as another process finds it
    Path(settings.KEYS_DIRECTORY, name).unlink()
    with pytest.raises(KeysMissing, match=name):
        settle_keys()
    with pytest.raises(CommandError, match="Nothing was started"):
        call_command("work", "--once", stdout=StringIO())
    assert not Path(settings.KEYS_DIRECTORY, name).exists()


@pytest.mark.parametrize("name", FILES)
def test_keys_of_another_database_are_refused(kept: Path, name: str, settings: Settings) -> None:
    settings.KEYS_DIRECTORY = kept.with_name("others")
    make_missing_keys()
    other = Path(settings.KEYS_DIRECTORY, name).read_bytes()
    settings.KEYS_DIRECTORY = shutil.copytree(kept, kept.with_name("mixed"))
    Path(settings.KEYS_DIRECTORY, name).write_bytes(other)
    with pytest.raises(KeysUnfit):
        settle_keys()


def test_no_start_needs_the_signing_authority(kept: Path, settings: Settings) -> None:
    settings.KEYS_DIRECTORY = shutil.copytree(kept, kept.with_name("elsewhere"))
    Path(settings.KEYS_DIRECTORY, "signing-authority.pem").unlink()
    settle_keys()
    assert not Path(settings.KEYS_DIRECTORY, "signing-authority.pem").exists()


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHOTXANH_PASSPHRASE", "sáu con vịt xám bơi qua sông")


def manage_keys(*words: str) -> str:
    """Run `manage keys`; return what it says."""
    said = StringIO()
    call_command("keys", *words, stdout=said)
    return said.getvalue()


def test_the_drill_keys_go_out_in_one_file_and_open_everything_on_another_machine(
    kept: Path, passphrase: None, settings: Settings
) -> None:
    file = kept.with_name("keys.export")
    manage_keys("export", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    exported, ring = file.read_bytes(), (kept / "ring.json").read_text()
    assert not any(word.encode() in exported for word in ring.split('"') if len(word) > 20)
    settings.KEYS_DIRECTORY = kept.with_name("new-machine")
    with pytest.raises(KeysMissing):
        settle_keys()
    assert "those of this database" in manage_keys("import", str(file))
    settle_keys()
    assert person_cards([DRIVER.code])[DRIVER.code].full_name == DRIVER.full_name


def test_an_export_opens_by_its_own_passphrase_alone_and_whole(
    kept: Path, passphrase: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept.with_name("keys.export")
    manage_keys("export", str(file))
    monkeypatch.setenv("CHOTXANH_PASSPHRASE", "ngắn")
    with pytest.raises(CommandError, match="at least 16"):
        manage_keys("export", str(kept.with_name("another")))
    monkeypatch.setenv("CHOTXANH_PASSPHRASE", "sáu con vịt xám bơi qua sông")
    settings.KEYS_DIRECTORY = kept.with_name("new-machine")
    with pytest.raises(CommandError, match="does not open"):
        whole = file.read_bytes()
        kept.with_name("half").write_bytes(whole[: len(whole) // 2])
        manage_keys("import", str(kept.with_name("half")))
    monkeypatch.setenv("CHOTXANH_PASSPHRASE", "bảy con vịt xám bơi qua sông")
    with pytest.raises(CommandError, match="does not open"):
        manage_keys("import", str(file))
    assert not (kept.with_name("new-machine")).exists()


def test_an_import_replaces_no_other_key(kept: Path, passphrase: None, settings: Settings) -> None:
    file = kept.with_name("keys.export")
    manage_keys("export", str(file))
    settings.KEYS_DIRECTORY = kept.with_name("others")
    make_missing_keys()
    before = {each.name: each.read_bytes() for each in Path(settings.KEYS_DIRECTORY).iterdir()}
    with pytest.raises(CommandError, match="move it away"):
        manage_keys("import", str(file))
    assert {each.name: each.read_bytes() for each in Path(settings.KEYS_DIRECTORY).iterdir()} == before


def test_the_signing_authority_is_kept_apart_and_comes_back(
    kept: Path, passphrase: None, settings: Settings
) -> None:
    authority = kept / "signing-authority.pem"
    pem = authority.read_bytes()
    manage_keys("export", "--authority", str(kept.with_name("apart")))
    authority.unlink()
    settle_keys()
    manage_keys("import", str(kept.with_name("apart")))
    assert authority.read_bytes() == pem


def test_a_database_filled_before_keys_were_noted_starts_with_its_keys_and_with_no_others(
    declared: Stage, tmp_path: Path, settings: Settings
) -> None:
    settle_keys()
    settings.KEYS_DIRECTORY = tmp_path / "nothing"
    with pytest.raises(KeysMissing):
        settle_keys()


def test_a_card_that_cannot_be_unsealed_is_shown_without_a_name_and_hides_no_other(kept: Path) -> None:
    registration = Registration.objects.get(person_code=DRIVER.code).id
    Entry.objects.filter(id=registration).update(personal=seal(b"{}", b"another row"))
    cards = person_cards([DRIVER.code, ASSISTANT.code])
    assert cards[DRIVER.code].full_name == ""
    assert cards[ASSISTANT.code].full_name == ASSISTANT.full_name
