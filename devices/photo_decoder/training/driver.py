"""Chip photos of training cards: the eight ``WL`` bytes of a real photo, then a plain WebP picture (RFC 9649).

Real chips hold a sealed format there, which this decoder turns away.
"""

import cv2
import numpy as np

from kiosk.domain.identity_document import ChipPhoto
from kiosk.domain.picture import Picture
from kiosk.ports.photo_decoder import PhotoUndecodable

_PHOTO_BYTES = 1024
_WIDTH, _HEIGHT = 102, 126
_HEADER = bytes.fromhex("574C66007E003200")
_KEY_FRAME_START = b"\x9d\x01\x2a"


class TrainingPhotoDecoder:
    """``kiosk.ports.photo_decoder.PhotoDecoder`` for cards of the virtual hall."""

    def decode(self, photo: ChipPhoto) -> Picture | PhotoUndecodable:
        if len(photo.data) != _PHOTO_BYTES or not photo.data.startswith(_HEADER):
            return PhotoUndecodable("no-chip-photo")
        webp = _webp_file(photo.data[len(_HEADER) :])
        if webp is None:
            return PhotoUndecodable("no-training-picture")
        if _size_of(webp) != (_WIDTH, _HEIGHT):
            return PhotoUndecodable("picture-size")
        pixels = _pixels(webp)
        if pixels is None or pixels.shape != (_HEIGHT, _WIDTH, 3):
            return PhotoUndecodable("picture-broken")
        return Picture(_WIDTH, _HEIGHT, pixels.tobytes())


def _webp_file(data: bytes) -> bytes | None:
    """The one lossy WebP file at the start of ``data``, without the padding behind it."""
    if data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8 ":
        return None
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or data[end:].strip(b"\0"):
        return None
    return data[:end]


def _size_of(webp: bytes) -> tuple[int, int] | None:
    """Width and height out of the VP8 key frame (RFC 6386 section 9.1), so that no decoder sees a giant."""
    frame = webp[20:]
    if frame[3:6] != _KEY_FRAME_START or len(frame) < 10:
        return None
    width, height = (int.from_bytes(frame[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return width, height


def _pixels(webp: bytes) -> np.ndarray | None:
    try:
        return cv2.imdecode(np.frombuffer(webp, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
