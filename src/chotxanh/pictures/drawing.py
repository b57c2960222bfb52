"""Draws codes as SVG and PNG: crisp edges, a quiet zone, black on white whatever the page's colours are."""

import io
import re
from base64 import b64encode

from PIL import Image

from chotxanh.pictures.png import png_of_modules
from chotxanh.pictures.symbols import QR_QUIET_ZONE, Symbol, code_128, qr_code

BAR_HEIGHT = 40  # modules: easy to hit by hand with a laser line

_RUNS = re.compile("0+|1+")


def _stroke(packed: int) -> str:
    """Draw eight modules, a bit each and 1 light: dark ones as a stroke, light ones as a move."""
    runs = _RUNS.findall(f"{packed:08b}")
    return "".join(f"h{len(run)}" if run[0] == "0" else f"m{len(run)} 0" for run in runs)


# Eight modules a look-up: one look-up a run would take five times as long.
_STROKES = tuple(map(_stroke, range(256)))


def qr_svg(text: str, *, label: str, error_correction: str = "Q", quiet_zone: int = QR_QUIET_ZONE) -> str:
    """`text` as a QR code in an `<svg>` that scales to its box; `label` names the picture for screen readers.

    `error_correction` is L, M, Q or H. Raises ValueError for a text that does not fit.
    """
    return _svg(qr_code(text, error_correction=error_correction, quiet_zone=quiet_zone), 1, label)


def qr_image(text: str, *, label: str, error_correction: str = "Q") -> str:
    """`text` as a QR code in an `<img>` of a pixel a module, its quiet zone included, to be scaled without smoothing.

    Of a large code it is an eighth of the page and half of the work that `qr_svg` is, of a small one a third of both.
    `label` names it for who does not see it. Raises ValueError likewise.
    """
    symbol = qr_code(text, error_correction=error_correction)
    side = symbol.width + 2 * symbol.quiet_zone
    packed = b64encode(png_of_modules(symbol)).decode()
    return (
        f'<img src="data:image/png;base64,{packed}" width="{side}" height="{side}" alt="{_escaped(label)}">'
    )


def code_128_svg(text: str, *, label: str) -> str:
    """`text` as a Code 128 in an `<svg>` that scales to its box. Raises ValueError for what it cannot hold."""
    return _svg(code_128(text), BAR_HEIGHT, label)


def qr_png(text: str, *, module_pixels: int = 4, error_correction: str = "Q") -> bytes:
    """`text` as a QR code in a PNG of black and white, each module a square of `module_pixels`."""
    return _png(qr_code(text, error_correction=error_correction), 1, module_pixels)


def code_128_png(text: str, *, module_pixels: int = 2) -> bytes:
    """`text` as a Code 128 in a PNG of black and white, its thinnest bar `module_pixels` wide."""
    return _png(code_128(text), BAR_HEIGHT, module_pixels)


def _svg(symbol: Symbol, row_height: int, label: str) -> str:
    """One path of horizontal strokes, each row's through its middle."""
    quiet = symbol.quiet_zone
    width, height = symbol.width + 2 * quiet, row_height * symbol.height + 2 * quiet
    packed = _picture(symbol).convert("1", dither=Image.Dither.NONE).tobytes()
    a_row = len(packed) // symbol.height
    beyond = (1 << 8 * a_row - symbol.width) - 1  # what fills the last eight is light
    strokes = "".join(
        f"M0 {(row + 0.5) * row_height:g}"
        + "".join(map(_STROKES.__getitem__, packed[row * a_row : (row + 1) * a_row - 1]))
        + _STROKES[packed[(row + 1) * a_row - 1] | beyond]
        for row in range(symbol.height)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-quiet} {-quiet} {width} {height}"'
        f' shape-rendering="crispEdges" role="img" aria-label="{_escaped(label)}">'
        f'<path fill="#fff" d="M{-quiet} {-quiet}h{width}v{height}h{-width}z"/>'
        f'<path fill="none" stroke="#000" stroke-width="{row_height}" d="{strokes}"/></svg>'
    )


def _png(symbol: Symbol, row_height: int, module_pixels: int) -> bytes:
    code = _picture(symbol)
    quiet, size = (
        symbol.quiet_zone * module_pixels,
        (symbol.width * module_pixels, row_height * symbol.height * module_pixels),
    )
    paper = Image.new("1", (size[0] + 2 * quiet, size[1] + 2 * quiet), 1)
    paper.paste(
        code.resize(size, Image.Resampling.NEAREST).convert("1", dither=Image.Dither.NONE), (quiet, quiet)
    )
    written = io.BytesIO()
    paper.save(written, "PNG")
    return written.getvalue()


def _picture(symbol: Symbol) -> Image.Image:
    return Image.frombytes("L", (symbol.width, symbol.height), symbol.modules)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
