"""The way down: cards that changed, numbered once they are committed, held by scopes until they expire (ADR 0012)."""
