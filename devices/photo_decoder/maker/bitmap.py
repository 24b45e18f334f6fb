"""The pictures decoder libraries deliver: 102x126, 24 bits a pixel, as a BMP file or as its bare pixels."""

import struct
from typing import Literal

import numpy as np

from kiosk.domain.picture import Picture

WIDTH, HEIGHT = 102, 126
RAW_BYTES = WIDTH * HEIGHT * 3
ROW_BYTES = 308
"""A BMP's rows are filled up to a multiple of four bytes."""

_HEADERS_BYTES = 54
_OFFSET_AT = 10
BMP_BYTES = _HEADERS_BYTES + ROW_BYTES * HEIGHT

_INFO = struct.Struct("<IiiHHI")
"""At byte 14: size of this header, width, height (negative: top row first), planes, bits a pixel, compression."""

Flip = Literal["none", "vertical", "horizontal", "both"]


def picture_of(data: bytes, flip: Flip) -> Picture | None:
    """None unless ``data`` is a 38,862-byte BMP or 38,556 bytes of bare BGR, bottom row first, and shows anything."""
    if len(data) == RAW_BYTES:
        rows = np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)[::-1]
    elif len(data) == BMP_BYTES and _is_bmp(data):
        padded = np.frombuffer(data, np.uint8, offset=_HEADERS_BYTES).reshape(HEIGHT, ROW_BYTES)
        rows = padded[:, : WIDTH * 3].reshape(HEIGHT, WIDTH, 3)[:: 1 if _height(data) < 0 else -1]
    else:
        return None
    if rows.min() == rows.max():
        return None
    rows = rows[:: -1 if flip in ("vertical", "both") else 1, :: -1 if flip in ("horizontal", "both") else 1]
    return Picture(WIDTH, HEIGHT, rows.tobytes())


def _is_bmp(data: bytes) -> bool:
    header, width, height, planes, bits, compression = _INFO.unpack_from(data, 14)
    starts = data[:2] == b"BM" and int.from_bytes(data[_OFFSET_AT : _OFFSET_AT + 4], "little") == _HEADERS_BYTES
    return bool(starts and (header, width, abs(height), planes, bits, compression) == (40, WIDTH, HEIGHT, 1, 24, 0))


def _height(data: bytes) -> int:
    return int(_INFO.unpack_from(data, 14)[2])
