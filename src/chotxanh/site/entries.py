"""What the site follows of the ledger: orders to erase are kept beside the database."""

from chotxanh.ledger.entries import CategoryErased, PersonalErased
from chotxanh.protocol.kinds import follow
from chotxanh.site.kept_orders import ask_to_keep


def register_kinds() -> None:
    """Declare no kind, and follow two."""
    follow([PersonalErased, CategoryErased], ask_to_keep)
