"""The chip photo of a training card: real size, real loss, an open format.

Real cards hold a sealed format behind the same eight header bytes; training cards hold a WebP picture there.
"""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

PHOTO_BYTES = 1024
HEADER = bytes.fromhex("574C66007E003200")
"""``WL``, width 102, height 126, 50 (little-endian), as seen on card dumps."""

BLANK_PHOTO = HEADER.ljust(PHOTO_BYTES, b"\0")


_HEAD_CENTRE = (51, 60)
_HEAD_RADII = (30, 42)
_FADE = 0.25
_BACKGROUND = 225.0


def chip_photo(picture: npt.NDArray[np.uint8]) -> bytes:
    """1,024 bytes holding ``picture``, shape (126, 102, 3) BGR, at the best WebP quality that fits.

    The head is set on a plain light background, as card photos are taken; the face gets the bytes so saved.
    Raises ValueError for another shape, or when no quality fits.
    """
    if picture.shape != (126, 102, 3):
        raise ValueError(f"a chip picture is (126, 102, 3), not {picture.shape}")
    image = Image.fromarray(np.ascontiguousarray(_on_plain_background(picture)[:, :, ::-1]))
    for quality in range(95, -1, -1):
        data = _webp(image, quality)
        if len(data) <= PHOTO_BYTES - len(HEADER):
            return (HEADER + data).ljust(PHOTO_BYTES, b"\0")
    raise ValueError("the picture does not fit the chip at any quality")


def _on_plain_background(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    rows, columns = np.mgrid[:126, :102]
    distance = np.hypot((columns - _HEAD_CENTRE[0]) / _HEAD_RADII[0], (rows - _HEAD_CENTRE[1]) / _HEAD_RADII[1])
    weight = np.clip((1 + _FADE - distance) / _FADE, 0.0, 1.0)[:, :, np.newaxis]
    return np.asarray(picture * weight + _BACKGROUND * (1 - weight), dtype=np.uint8)


def _webp(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=quality, method=6)
    return stream.getvalue()
