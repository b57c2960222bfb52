"""Reads the codes in a picture."""

from dataclasses import dataclass

import zxingcpp
from PIL import Image

_FORMATS = {
    "qr_code": zxingcpp.BarcodeFormat.QRCode,
    "code_128": zxingcpp.BarcodeFormat.Code128,
}
_NAMES = {barcode_format: name for name, barcode_format in _FORMATS.items()}


@dataclass(frozen=True)
class FoundCode:
    """A code in a picture: `symbology` is `qr_code` or `code_128`."""

    symbology: str
    text: str


def codes_in(picture: Image.Image, *symbologies: str) -> list[FoundCode]:
    """Every whole code in the picture that holds a text: those of `symbologies`, without any all that are known."""
    formats = zxingcpp.BarcodeFormats([_FORMATS[name] for name in symbologies or _FORMATS])
    found = zxingcpp.read_barcodes(picture, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [FoundCode(_NAMES[code.symbology], code.text) for code in found if code.valid and code.text]
