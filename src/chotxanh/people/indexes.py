"""Blind indexes: they find a person again without telling who it is."""

from chotxanh.keys.sealing import blind_index


def name_index(folded_name: str) -> bytes:
    """Return the blind index of a folded name: one search finds "Hoa" and "Hòa"."""
    return blind_index("name", folded_name)
