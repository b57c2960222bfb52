"""Tells whether the keys at hand are those of the database, by check values kept in it."""

import hashlib
import hmac
import secrets

from chotxanh.keys.faults import KeysUnfit
from chotxanh.keys.models import KeyCheck
from chotxanh.keys.ring import KEY_BYTES, add_seal_key, drop_seal_keys, key_ring, replace_blind_key
from chotxanh.keys.signatures import SigningKey
from chotxanh.keys.signers import document_signer, node_key

BLIND, NEXT_BLIND, NODE, SIGNER, SEAL = "blind", "blind-next", "node", "signer", "seal-"
_PURPOSE = b"chotxanh key check"


def note_keys() -> None:
    """Note the check values of all keys at hand that have none yet. Raises KeysMissing."""
    rows = [KeyCheck(name=name, value=value) for name, value in _at_hand().items()]
    KeyCheck.objects.bulk_create(rows, ignore_conflicts=True)


def has_noted_keys() -> bool:
    """Say whether keys were made for this database."""
    return KeyCheck.objects.exists()


def check_keys() -> None:
    """Hold the keys at hand against the database. Raises KeysMissing or KeysUnfit."""
    at_hand = _at_hand()
    noted = {name: bytes(value) for name, value in KeyCheck.objects.values_list("name", "value")}
    renewed = noted.pop(NEXT_BLIND, None)
    unfit = {name for name, value in noted.items() if at_hand.get(name) != value}
    if renewed is not None and at_hand[BLIND] == renewed:
        unfit -= {BLIND}
    if not document_signer().is_whole:
        unfit.add(SIGNER)
    if unfit:
        raise KeysUnfit(", ".join(sorted(unfit)))


def begin_seal_key() -> None:
    """Begin a new sealing key, and note it."""
    add_seal_key()
    note_keys()


def end_seal_keys(before: int) -> None:
    """Forget sealing keys numbered below `before`, their check values first: a stop between the two harms nothing."""
    ended = [f"{SEAL}{number}" for number in key_ring().seals if number < before]
    KeyCheck.objects.filter(name__in=ended).delete()
    drop_seal_keys(before)


def renew_blind_key() -> None:
    """Begin a new blind-index key; until that is done the old one and the new one both are this database's."""
    blind = secrets.token_bytes(KEY_BYTES)
    value = _digest(blind)
    KeyCheck.objects.update_or_create(name=NEXT_BLIND, defaults={"value": value})
    replace_blind_key(blind)
    KeyCheck.objects.update_or_create(name=BLIND, defaults={"value": value})
    KeyCheck.objects.filter(name=NEXT_BLIND).delete()


def _at_hand() -> dict[str, bytes]:
    ring = key_ring()
    seals = {f"{SEAL}{number}": _digest(key) for number, key in ring.seals.items()}
    signer = hashlib.sha256(document_signer().certificate).digest()
    return {**seals, BLIND: _digest(ring.blind), NODE: _of_point(node_key()), SIGNER: signer}


def _digest(key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE, "sha256")


def _of_point(key: SigningKey) -> bytes:
    return hashlib.sha256(key.public_point).digest()
