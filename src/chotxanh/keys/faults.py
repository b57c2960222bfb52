"""What is told of keys that are not those of the database: nothing makes another in their place."""

from django.conf import settings


class KeysAtFault(Exception):
    """A key is missing, or another's; its name is the only argument. As a text it is what an administrator is told."""

    fault = "is not that of this database"

    def __str__(self) -> str:
        return (
            f"A key {self.fault}: {self.args[0]} in {settings.KEYS_DIRECTORY}. Nothing was started and nothing made "
            "anew; put the keys back (`./chotxanh manage keys import FILE`) or use the database they belong to."
        )


class KeysMissing(KeysAtFault):
    """A file of keys is not in its folder; its name is the only argument."""

    fault = "is missing"


class KeysUnfit(KeysAtFault):
    """Keys at hand are not those of the database; their names are the only argument."""
