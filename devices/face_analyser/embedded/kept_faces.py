"""The newest faces of a session, as small JPEGs in memory that is written over."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image

_SLOT_BYTES = 40_000
_QUALITIES = (95, 85, 70)
_MARGIN = 1.9
_MAX_SIDE = 300


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A square around a face: centre and side, pixels."""

    x: float
    y: float
    side: float


class KeptFaces:
    """A ring of ``count`` slots; the oldest face gives way to the newest."""

    def __init__(self, count: int) -> None:
        self._slots: npt.NDArray[np.uint8] = np.zeros((count, _SLOT_BYTES), np.uint8)
        self._entries: dict[int, tuple[int, int, FaceBox]] = {}
        self._next = 0
        self._written = 0

    def keep(self, sequence: int, image: Image, box: FaceBox) -> None:
        """Keeps the face with a margin, its longer side at most 300 pixels."""
        crop, inside = _crop(image, box)
        if crop.size == 0:
            return
        jpeg = _encoded(crop)
        crop[:] = 0
        if jpeg is None:
            return
        slot, self._next = self._next, (self._next + 1) % len(self._slots)
        self._written = max(self._written, slot + 1)
        self._entries = {known: entry for known, entry in self._entries.items() if entry[0] != slot}
        self._slots[slot, : jpeg.size] = jpeg
        self._entries[sequence] = (slot, jpeg.size, inside)
        jpeg[:] = 0

    def jpeg(self, sequence: int) -> bytes | None:
        entry = self._entries.get(sequence)
        return None if entry is None else self._slots[entry[0], : entry[1]].tobytes()

    def face(self, sequence: int) -> tuple[Image, FaceBox] | None:
        """The kept picture and where in it the face is."""
        entry = self._entries.get(sequence)
        if entry is None:
            return None
        slot, size, box = entry
        return np.asarray(cv2.imdecode(self._slots[slot, :size], cv2.IMREAD_COLOR), np.uint8), box

    def forget(self) -> None:
        self._slots[: self._written] = 0
        self._entries.clear()
        self._next = self._written = 0


def _crop(image: Image, box: FaceBox) -> tuple[Image, FaceBox]:
    height, width = image.shape[:2]
    half = _MARGIN * box.side / 2
    left, right = max(0, round(box.x - half)), min(width, round(box.x + half))
    top, bottom = max(0, round(box.y - half)), min(height, round(box.y + half))
    crop = image[top:bottom, left:right].copy()
    scale = min(1.0, _MAX_SIDE / max(crop.shape[0], crop.shape[1], 1))
    if crop.size and scale < 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return crop, FaceBox((box.x - left) * scale, (box.y - top) * scale, box.side * scale)


def _encoded(crop: Image) -> npt.NDArray[np.uint8] | None:
    for quality in _QUALITIES:
        done, jpeg = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done and jpeg.size <= _SLOT_BYTES:
            return np.asarray(jpeg.reshape(-1), np.uint8)
    return None
