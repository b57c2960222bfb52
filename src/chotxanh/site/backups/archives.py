"""Archives of facts that come with a backup: a file and its signature are one, and nothing that lies here is lost."""

from filecmp import cmp
from pathlib import Path

from django.conf import settings

from chotxanh.keys.faults import KeysAtFault
from chotxanh.keys.signers import node_key_in
from chotxanh.ledger.archiving import SIGNATURE_SUFFIX, is_signed_by, signature_of
from chotxanh.site.backups.manifest import ARCHIVE, KEYS
from chotxanh.site.backups.switching import Switch


def bring(switch: Switch, folder: Path) -> list[Path]:
    """Bring the archives of an opened backup to the home; return what will lie beside another of the same name.

    The database that is put back needs the backup's. One of the same name that lies here and is another is kept
    beside it; so is the backup's, where that alone is not what its node signed.
    """
    home, aside = Path(settings.HOME, ARCHIVE), list[Path]()
    for found in sorted((folder / ARCHIVE).glob("*")):
        place = home / found.name
        if found.suffix == SIGNATURE_SUFFIX or _are_same(found, place):
            continue
        is_other = place.exists() or signature_of(place).exists()
        if is_other:
            aside.append(switch.name_aside(place))
        if is_other and not _is_whole(found, folder) and _is_whole(place, folder):
            place = switch.name_aside(place)
        _put(switch, found, place)
    return aside


def _put(switch: Switch, found: Path, place: Path) -> None:
    """Put file and signature; what lies there without the other is no archive, and is kept likewise."""
    if signature_of(found).exists():
        switch.put(signature_of(found), signature_of(place), SIGNATURE_SUFFIX)
    else:
        switch.set_aside(signature_of(place), SIGNATURE_SUFFIX)
    switch.put(found, place)


def _is_whole(file: Path, folder: Path) -> bool:
    """Say whether the node whose keys are in the backup signed the file."""
    try:
        return file.exists() and is_signed_by(file, node_key_in(folder / KEYS).public_point)
    except KeysAtFault:
        return False


def _are_same(one: Path, other: Path) -> bool:
    pairs = ((one, other), (signature_of(one), signature_of(other)))
    return all(mine.exists() and its.exists() and cmp(mine, its, shallow=False) for mine, its in pairs)
