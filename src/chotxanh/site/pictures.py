"""Draws QR codes as SVG: one path, crisp edges, a quiet zone, black on white whatever the page's colours are."""

import re

import zxingcpp

QUIET_ZONE = 4  # modules, ISO/IEC 18004

_PATH = re.compile(r'<path d="([^"]+)"')
_WIDTH = re.compile(r'<svg width="(\d+)"')


def qr_svg(text: str, *, label: str, error_correction: str = "Q", quiet_zone: int = QUIET_ZONE) -> str:
    """`text` as a QR code in an `<svg>` that scales to its box; `label` names the picture for screen readers.

    `error_correction` is L, M, Q or H. Upper-case letters, digits and `$%*+-./:` and space are drawn in alphanumeric
    mode, as the certificate format asks.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=error_correction)
    drawn = symbol.to_svg(add_quiet_zones=False)
    path, width = _PATH.search(drawn), _WIDTH.search(drawn)
    if path is None or width is None:
        raise ValueError("the drawing of the QR code was not understood")
    size = int(width[1]) + 2 * quiet_zone
    box = f"{-quiet_zone} {-quiet_zone} {size} {size}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" shape-rendering="crispEdges" role="img"'
        f' aria-label="{_escaped(label)}"><path fill="#fff" d="M{-quiet_zone} {-quiet_zone}h{size}v{size}h{-size}z"/>'
        f'<path d="{path[1]}"/></svg>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
