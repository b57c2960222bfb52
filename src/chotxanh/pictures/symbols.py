"""Turns a text into the dark and light modules of a QR code (ISO/IEC 18004) or a Code 128 (ISO/IEC 15417)."""

from dataclasses import dataclass

import zxingcpp

QR_QUIET_ZONE = 4  # modules, ISO/IEC 18004
CODE_128_QUIET_ZONE = 10  # modules, ISO/IEC 15417
# From this length on every mask is about as good as another, since what is long is signed and looks random;
# trying all eight would take ten times as long as drawing.
LENGTH_WITH_FIXED_MASK = 300
FIXED_MASK = 3
ERROR_CORRECTIONS = ("L", "M", "Q", "H")


@dataclass(frozen=True)
class Symbol:
    """Rows of `width` modules, one byte each: 0 is dark, 255 light; without its quiet zone. A barcode has one row."""

    modules: bytes
    width: int
    quiet_zone: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.modules) // self.width


def qr_code(text: str, *, error_correction: str = "Q", quiet_zone: int = QR_QUIET_ZONE) -> Symbol:
    """`text` as a QR code with error correction L, M, Q or H.

    Digits, capitals with `$%*+-./:` and space, and other text are packed in numeric, alphanumeric and byte segments,
    each where it saves room. Raises ValueError for a text that is empty or longer than the largest code holds.
    """
    if error_correction not in ERROR_CORRECTIONS:
        raise ValueError("the error correction is L, M, Q or H")
    mask = FIXED_MASK if len(text) >= LENGTH_WITH_FIXED_MASK else -1
    drawn = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level=error_correction, data_mask=mask
    )
    return Symbol(*_modules(drawn), quiet_zone)


def code_128(text: str) -> Symbol:
    """`text` as a Code 128; pairs of digits take half the room. Raises ValueError for what it cannot hold."""
    if not text.isascii():
        raise ValueError("a Code 128 of ours holds ASCII only")
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    modules, width = _modules(drawn)
    return Symbol(modules[:width], width, CODE_128_QUIET_ZONE)


def _modules(drawn: zxingcpp.Barcode) -> tuple[bytes, int]:
    image = drawn.to_image(scale=1, add_quiet_zones=False)
    return bytes(memoryview(image)), image.shape[1]  # type: ignore[arg-type]  # a buffer, but its stub hides it
