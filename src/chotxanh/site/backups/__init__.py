"""Backups: the whole database and the keys in one file under a passphrase, and the way back."""
