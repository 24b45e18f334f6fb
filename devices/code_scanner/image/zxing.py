"""What zxing-cpp reads in a picture, and where it sees a QR Code it cannot read."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from devices.code_scanner.image.grid import Floats
from devices.code_scanner.image.payload import Quad, ScannedCode, decode_text
from devices.code_scanner.image.segments import has_kanji
from devices.code_scanner.image.symbol import Bits

QR = "QRCode"
LINES = "PDF417,Code128"

_ECI_IDENTIFIERS = frozenset({b"]Q2", b"]Q4", b"]Q6"})
_BINARY_DATA = b"000899"
_CODECS = {b"000026": "utf-8", b"000029": "gb18030", b"000032": "gb18030"}
_ESCAPE = b"\\"
"""Before each number of an extended channel."""

_QUIET = 4


@dataclass(frozen=True, slots=True)
class Look:
    """``doubtful``: the outer corners of QR Codes that were seen and not read, in picture pixels, clockwise from the
    one between two finders, shape (4, 2) each."""

    codes: tuple[ScannedCode, ...]
    doubtful: tuple[Floats, ...] = field(repr=False)


def look(grey: npt.NDArray[np.uint8], scale: float = 1.0, smaller: bool = True, light_on_dark: bool = True) -> Look:
    """For QR Codes. ``scale`` is pixels of ``grey`` by pixel of the picture it was made of; ``smaller``: in smaller
    copies of ``grey``, too; ``light_on_dark``: for codes of that kind, too."""
    seen = zxingcpp.read_barcodes(
        grey,
        formats=_formats(QR),
        text_mode=zxingcpp.TextMode.HexECI,
        return_errors=True,
        try_downscale=smaller,
        try_invert=light_on_dark,
    )
    codes = tuple([_qr(barcode, grey, scale) for barcode in seen if barcode.valid])
    doubtful = () if codes else tuple([_corners(barcode) / np.float32(scale) for barcode in seen])
    return Look(codes, doubtful)


def lines(
    grey: npt.NDArray[np.uint8], scale: float = 1.0, turned: bool = False, thorough: bool = False
) -> list[ScannedCode]:
    """PDF417 and Code 128: dark on light and about level; also about upright when ``turned``; ``thorough``: light on
    dark too."""
    found = zxingcpp.read_barcodes(
        grey, formats=_formats(LINES), try_rotate=turned or thorough, try_invert=thorough, try_downscale=thorough
    )
    return [_code(barcode, None, scale) for barcode in found]


def drawn(bits: Bits, corners: Floats) -> ScannedCode | None:
    """What a symbol says whose every module is known, dark 1; it lies at ``corners``."""
    clean = np.pad(np.where(bits > 0, 0, 255).astype(np.uint8), _QUIET, constant_values=255)
    picture = cv2.resize(clean, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    found = look(np.asarray(picture, np.uint8), smaller=False).codes
    if len(found) != 1:
        return None
    a, b, c, d = ((round(float(x)), round(float(y))) for x, y in corners)
    return ScannedCode(found[0].payload, found[0].text, found[0].symbology, (a, b, c, d))


def _formats(names: str) -> "zxingcpp.BarcodeFormats":
    """What a module keeps of the library is reported at exit as leaked, so the formats are named anew each time."""
    return zxingcpp.barcode_formats_from_str(names)


def _qr(barcode: "zxingcpp.Barcode", grey: npt.NDArray[np.uint8], scale: float) -> ScannedCode:
    """The hexadecimal reading starts with the symbology identifier (ISO/IEC 15424), which tells an extended channel,
    and then its number (AIM ECI): a character set's, or that of plain binary data."""
    reading = bytes.fromhex(barcode.text)
    number = reading[4:10] if reading[:3] in _ECI_IDENTIFIERS else _BINARY_DATA
    if number == _BINARY_DATA:
        return _code(barcode, _shift_jis(barcode), scale)
    text = None
    if number in _CODECS and reading.count(_ESCAPE) == 1:
        text = _decoded(barcode.bytes, _CODECS[number])
    return _code(barcode, _text_of_library(barcode, grey) if text is None else text, scale)


def _text_of_library(barcode: "zxingcpp.Barcode", grey: npt.NDArray[np.uint8]) -> str | None:
    """In character sets we know nothing of, at the price of a second look."""
    again = zxingcpp.read_barcodes(grey, formats=_formats(QR), text_mode=zxingcpp.TextMode.Plain)
    return next((other.text for other in again if other.bytes == barcode.bytes), None)


def _shift_jis(barcode: "zxingcpp.Barcode") -> str | None:
    """The text of a code in Kanji mode; Chinese codes in GB18030 would pass for Shift JIS by their bytes alone."""
    payload = barcode.bytes
    if payload.isascii() or _decoded(payload, "utf-8") is not None:
        return None
    text = _decoded(payload, "shift_jis")
    if text is None:
        return None
    bits = (np.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) == 0).astype(np.uint8)
    return text if _is_model_2(bits) and has_kanji(bits) else None


def _decoded(payload: bytes, coding: str) -> str | None:
    try:
        return payload.decode(coding)
    except UnicodeDecodeError:
        return None


def _is_model_2(bits: Bits) -> bool:
    return len(bits) >= 21 and (len(bits) - 17) % 4 == 0


def _corners(barcode: "zxingcpp.Barcode") -> Floats:
    return np.array(_quad(barcode, 1.0), np.float32)


def _quad(barcode: "zxingcpp.Barcode", scale: float) -> Quad:
    place = barcode.position
    a, b, c, d = place.top_left, place.top_right, place.bottom_right, place.bottom_left
    if scale == 1:
        return (a.x, a.y), (b.x, b.y), (c.x, c.y), (d.x, d.y)
    return _at(a, scale), _at(b, scale), _at(c, scale), _at(d, scale)


def _at(point: "zxingcpp.Point", scale: float) -> tuple[int, int]:
    return int(point.x / scale), int(point.y / scale)


def _code(barcode: "zxingcpp.Barcode", declared: str | None, scale: float) -> ScannedCode:
    payload = barcode.bytes
    return ScannedCode(payload, decode_text(payload, declared), barcode.format.name, _quad(barcode, scale))
