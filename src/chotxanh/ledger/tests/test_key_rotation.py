"""Keys can be changed while everything stays readable; a rotation that was stopped goes on."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from chotxanh.keys import checks
from chotxanh.keys.models import KeyCheck
from chotxanh.keys.ring import add_seal_key, key_ring
from chotxanh.keys.sealing import seal_number, unseal
from chotxanh.ledger import resealing
from chotxanh.ledger.kept_keys import settle_keys
from chotxanh.ledger.models import SET_ASIDE_CONTEXT, Entry, SetAside
from chotxanh.people.models import Registration
from chotxanh.people.queries import personal_of
from chotxanh.people.search import found_by_name
from tests.cast import DRIVER, TRAVELLERS
from tests.device import id_of
from tests.stage import Stage, set_the_stage


@pytest.fixture
def keyed(db: None, own_keys: Path, tmp_path: Path, settings: Settings) -> Stage:
    """The cast on a ring that no other test uses, with declarations and something set aside."""
    settings.KEYS_DIRECTORY = tmp_path / "keys"
    settle_keys()
    stage = set_the_stage()
    stage.must_apply(*(stage.station.register(person) for person in TRAVELLERS))
    assert stage.record(b"not an entry") == [("rejected", "entry_unreadable")]
    return stage


def numbers() -> set[int]:
    """Return the numbers of the keys that seal what is stored."""
    sealed = [*Entry.objects.exclude(personal=None).values_list("personal", flat=True)]
    return {
        seal_number(bytes(each or b"")) for each in [*sealed, *SetAside.objects.values_list("raw", flat=True)]
    }


def names() -> set[str]:
    """Return the names of everybody, unsealed."""
    found = personal_of(list(Registration.objects.values_list("id", flat=True)))
    return {each.full_name for each in found.values()}


def test_a_rotation_leaves_one_new_key_that_seals_everything(keyed: Stage) -> None:
    assert (numbers(), list(key_ring().seals)) == ({1}, [1])
    call_command("rotate_keys", stdout=StringIO())
    assert (numbers(), list(key_ring().seals)) == ({2}, [2])
    assert names() == {person.full_name for person in TRAVELLERS}
    assert unseal(bytes(SetAside.objects.get().raw), SET_ASIDE_CONTEXT) == b"not an entry"


def test_what_is_recorded_during_a_rotation_is_sealed_by_the_new_key(keyed: Stage) -> None:
    add_seal_key()
    entry = keyed.station.register(DRIVER)
    keyed.must_apply(entry)
    assert numbers() == {1, 2}
    assert seal_number(bytes(Entry.objects.get(id=id_of(entry)).personal or b"")) == 2


def test_a_rotation_that_was_stopped_goes_on_without_another_key(
    keyed: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(resealing, "PART", 2)
        add_seal_key()
        parts = resealing._parts(resealing.SEALED[0])
        assert resealing._reseal(resealing.SEALED[0], next(parts)) > 0
        assert numbers() == {1, 2}
        call_command("rotate_keys", stdout=StringIO())
    assert (numbers(), list(key_ring().seals)) == ({2}, [2])
    assert names() == {person.full_name for person in TRAVELLERS}


def test_a_new_blind_key_finds_everybody_again(keyed: Stage) -> None:
    before = Registration.objects.get(person_code=DRIVER.code).name_index
    call_command("rotate_keys", "--blind", stdout=StringIO())
    found = found_by_name(DRIVER.full_name, None, 9)
    assert [each.person_code for each in found] == [DRIVER.code]
    assert bytes(found[0].name_index or b"") != bytes(before or b"")


@pytest.mark.parametrize("is_stopped", [False, True])
def test_after_a_rotation_the_keys_are_still_those_of_the_database(
    keyed: Stage, monkeypatch: pytest.MonkeyPatch, *, is_stopped: bool
) -> None:
    call_command("rotate_keys", stdout=StringIO())
    settle_keys()
    if is_stopped:
        monkeypatch.setattr(KeyCheck.objects, "filter", None)  # between the new key and the last note
        with pytest.raises(TypeError):
            checks.renew_blind_key()
        monkeypatch.undo()
    else:
        checks.renew_blind_key()
    settle_keys()
    assert set(KeyCheck.objects.values_list("name", flat=True)) >= {
        "seal-2",
        "blind",
        "node",
        "signer",
    }
