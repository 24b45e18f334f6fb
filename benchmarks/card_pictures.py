"""Pictures of persons made like those in the chip of an ID card, whatever they were before."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.domain.face import Landmarks

CHIP_WIDTH, CHIP_HEIGHT, CHIP_BYTES = 102, 126, 1024

_FACE_SHARE = 0.55
"""A card's picture: width of the face by that of the picture."""

_EYE_LINE = 0.45
"""And where the eyes are, from the top."""

_EYES = (33, 133, 362, 263)

Image = npt.NDArray[np.uint8]
"""Shape (height, width, 3), BGR."""


class NoPictureError(ValueError):
    """The file is not there or holds no picture."""


def read(path: Path) -> Image:
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as problem:
        raise NoPictureError(f"{path} cannot be read") from problem
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    except cv2.error as problem:
        raise NoPictureError(f"{path} is too large") from problem
    if picture is None:
        raise NoPictureError(f"{path} is no picture")
    return np.asarray(picture, np.uint8)


def no_larger(picture: Image, side: int) -> Image:
    """The picture itself, or smaller with ``side`` as its longer side, pixels."""
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    size = [max(1, round(length * scale)) for length in picture.shape[1::-1]]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def cut_as_card_picture(picture: Image, landmarks: Landmarks) -> Image:
    """Head and shoulders, shape (126, 102, 3); less about the face where the picture holds no more."""
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    eyes = landmarks[list(_EYES), :2].mean(axis=0)
    shape, whole = np.array([CHIP_WIDTH, CHIP_HEIGHT]) / CHIP_WIDTH, np.array(picture.shape[1::-1])
    size = shape * max(1.0, min(float(high[0] - low[0]) / _FACE_SHARE, *(whole / shape)))
    corner = np.clip(eyes - size * (0.5, _EYE_LINE), 0, whole - size)
    left, top = corner.round().astype(int)
    right, bottom = (corner + size).round().astype(int)
    cut = picture[top:bottom, left:right]
    return np.asarray(cv2.resize(cut, (CHIP_WIDTH, CHIP_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def compressed(chip: Image) -> Image:
    """As it looks after the best WebP of at most 1,024 bytes; softened first when none is so small."""
    soft = chip
    while (small := _best_webp(soft)) is None:
        soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), 1.0), np.uint8)
    return np.asarray(cv2.imdecode(small, cv2.IMREAD_COLOR), np.uint8)


def _best_webp(chip: Image) -> npt.NDArray[np.uint8] | None:
    best, least, too_good = None, 1, 101
    while least < too_good:
        quality = (least + too_good) // 2
        _, encoded = cv2.imencode(".webp", chip, [cv2.IMWRITE_WEBP_QUALITY, quality])
        if encoded.size <= CHIP_BYTES:
            best, least = np.asarray(encoded, np.uint8), quality + 1
        else:
            too_good = quality
    return best
