"""Sees at every start that the keys are those of the database, and makes them only for one that is empty."""

from chotxanh.keys.checks import check_keys, has_noted_keys, note_keys
from chotxanh.keys.making import make_missing_keys
from chotxanh.ledger.models import Entry


def settle_keys() -> None:
    """Check the keys, or make them for an empty database. Raises KeysAtFault, and has then made nothing."""
    if has_noted_keys():
        check_keys()
    elif not Entry.objects.exists():
        make_missing_keys()
    note_keys()
