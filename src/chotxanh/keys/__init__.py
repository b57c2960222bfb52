"""Seals, blind indexes and signers: the only floor that imports `cryptography`."""
