"""Keeps every correction that takes a positive back, for those who sign and for the CDC."""

from collections.abc import Mapping

from chotxanh.results.barcodes import Barcode
from chotxanh.results.corrections.effects import NO_EFFECTS, Effects, Taking
from chotxanh.results.corrections.rows import TAKEN_BACK, TakenBackRow
from chotxanh.storage.replacing import replace_rows


def write_takings(effects: Mapping[str, Effects], barcodes: Mapping[str, Barcode]) -> None:
    """Bring what is kept of these barcodes to what it should be; where nothing was corrected nothing can be kept."""
    corrected = sorted(first for first, each in effects.items() if each is not NO_EFFECTS)
    rows = [
        _row(taking, barcodes[first]) for first in corrected for taking in effects[first].takings.values()
    ]
    if corrected:
        replace_rows(TAKEN_BACK, "barcode", corrected, rows)


def _row(taking: Taking, barcode: Barcode) -> TakenBackRow:
    fact, signature = taking.correction, taking.signature
    return TakenBackRow(
        id=fact.id,
        barcode=fact.tube,
        tube=barcode.tube_at(taking.reading.resulted_latest),
        facility=fact.facility,
        was=taking.below.value,
        value=fact.value,
        reason=fact.reason,
        corrector=fact.actor,
        corrected_at=fact.resulted_at,
        state=taking.effect.value,
        signer=signature.actor if signature else None,
        signed_at=signature.signed_at if signature else None,
        told_at=taking.told_at,
    )
