"""Computes the hashes of passwords where no page waits behind it: a flood of sign-ins takes what others leave."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from chotxanh.beside.yielding import YIELDS, Yielding

_yielding = Yielding("hashing", YIELDS)


class YieldingHasher(PBKDF2PasswordHasher):
    """Django's PBKDF2 (a third of a second of one core), in a thread that yields; what was hashed before is read."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash of a password."""
        return _yielding(super().encode, password, salt, iterations)
