"""Makes the keys of a new database; nothing else ever makes one that others depend on."""

from pathlib import Path

from django.conf import settings

from chotxanh.keys.ring import make_ring
from chotxanh.keys.signers import make_signing_keys


def make_missing_keys() -> None:
    """Make every key that is not there. Call it only for a database that holds nothing yet."""
    make_ring()
    make_signing_keys()
    Path(settings.KEYS_DIRECTORY).chmod(0o700)  # made by hand, the folder would be open to all
