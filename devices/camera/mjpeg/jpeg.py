"""Decodes one picture of the stream, and refuses what is no whole picture of the expected size before decoding it."""

import struct

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA


def declared_size(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header (ITU-T T.81 B.2.2); None when the markers before it are broken."""
    if not jpeg.startswith(_START):
        return None
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return width, height
        if marker == _SCAN or length < 2:
            return None
        at += 2 + length
    return None


def decode(jpeg: bytes, width: int, height: int) -> Pixels | None:
    """BGR pixels, shape (height, width, 3); None for a torn, garbled or differently sized picture."""
    if declared_size(jpeg) != (width, height) or not jpeg.rstrip(b"\x00\r\n").endswith(_END):
        return None
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None or pixels.shape != (height, width, 3):
        return None
    return np.ascontiguousarray(pixels, dtype=np.uint8)
