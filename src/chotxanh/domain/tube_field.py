"""What the station's field for a tube takes: the barcode as it is kept, and what else it looks like."""

from typing import NamedTuple

from chotxanh.domain.plain import plain
from chotxanh.domain.problems import Problem
from chotxanh.domain.scan import Scan, recognise

_TUBE_KINDS = {"tube_label": "code", "tube_barcode": "tube_barcode"}


class TubeRead(NamedTuple):
    """A tube's barcode as it is kept, with warnings (`may_be_...`) where it looks like something else."""

    barcode: str
    warnings: tuple[str, ...] = ()


def read_tube(text: str) -> TubeRead:
    """The tube that `text` names. Raises Problem: `tube_missing`, `tube_invalid`."""
    if not plain(text):
        raise Problem("tube_missing")
    scan = recognise(text)
    if scan.kind in _TUBE_KINDS:
        return TubeRead(str(scan.fields[_TUBE_KINDS[scan.kind]]), scan.warnings)
    if _is_compact_plate(scan):
        return TubeRead(str(scan.fields["plate_norm"]), ("may_be_plate",))
    raise Problem("tube_invalid")


def _is_compact_plate(scan: Scan) -> bool:
    return scan.kind == "plate" and "may_be_tube_barcode" in scan.warnings
