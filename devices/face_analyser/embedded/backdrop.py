"""How far what lies beside the head moved from one frame to the next: a hall stands still, a picture held in a hand
takes its own background along."""

from __future__ import annotations

from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from kiosk.domain.face import Landmarks

_WIDTH = 320
"""Pixels across of the small picture that is compared."""

_HEAD = 0.95
"""Half the width of a head with its hair, in widths of the face."""

_NARROWEST, _WIDEST = 36, 96
"""Pixels of the small picture."""

_LEAST_TEXTURE = 3.0
"""Standard deviation of a strip's greys once its slow shades are taken out."""

_LEAST_LIKENESS = 0.5
"""Correlation of the strip with the place where it is found again; sensor noise alone has less."""

_REACH = 8
"""Pixels of the small picture within which it is looked for."""

_MOST_DISAGREEMENT = 1.0
"""Pixels of the small picture between what the two strips tell."""

Plane = npt.NDArray[np.float32]


class Backdrop:
    """Remembers the last frame, small and grey."""

    def __init__(self) -> None:
        self._last: Plane | None = None

    def moved(self, image: Image, landmarks: Landmarks) -> tuple[float, float] | None:
        """Since the last frame, in pixels of ``image``, right and down; None where nothing beside the head can tell."""
        scale = _WIDTH / image.shape[1]
        last, self._last = self._last, _small(image, scale)
        shifts = []
        if last is not None and last.shape == self._last.shape:
            for left, top, right, bottom in _strips(landmarks, scale, last.shape):
                shift = _shift(last[top:bottom, left:right], self._last[top:bottom, left:right])
                shifts += [] if shift is None else [shift]
        if last is not None:
            last[:] = 0
        if not shifts or (len(shifts) == 2 and _apart(*shifts) > _MOST_DISAGREEMENT):
            return None
        return sum(x for x, _ in shifts) / len(shifts) / scale, sum(y for _, y in shifts) / len(shifts) / scale

    def forget(self) -> None:
        if self._last is not None:
            self._last[:] = 0
        self._last = None


def _small(image: Image, scale: float) -> Plane:
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    plane = grey.astype(np.float32)
    small[:] = 0
    grey[:] = 0
    return plane


def _strips(landmarks: Landmarks, scale: float, shape: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of what is beside the head, from above it to the chin."""
    flat = landmarks[:, :2] * scale
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    middle, width = (left + right) / 2, right - left
    above, below = max(0, int(top - 0.4 * (bottom - top))), min(shape[0], int(bottom))
    inner, outer = int(middle - _HEAD * width), int(middle + _HEAD * width) + 1
    strips = [(max(0, inner - _WIDEST), above, inner, below), (outer, above, min(shape[1], outer + _WIDEST), below)]
    return [strip for strip in strips if strip[2] - strip[0] >= _NARROWEST and below - above >= _NARROWEST]


def _shift(before: Plane, now: Plane) -> tuple[float, float] | None:
    """Where the middle of the strip is found again; None without texture, out of reach, or when nothing is like it."""
    one, other = _detail(before), _detail(now)
    part = one[_REACH:-_REACH, _REACH:-_REACH]
    told = None
    if min(float(part.std()), float(other.std())) >= _LEAST_TEXTURE:
        likeness = np.asarray(cv2.matchTemplate(other, part, cv2.TM_CCOEFF_NORMED), np.float32)
        told = _peak(likeness)
    one[:] = 0
    other[:] = 0
    return told


def _peak(likeness: Plane) -> tuple[float, float] | None:
    """Between the pixels by a parabola through the peak and its neighbours."""
    y, x = (int(place) for place in np.unravel_index(int(likeness.argmax()), likeness.shape))
    inside = 0 < x < likeness.shape[1] - 1 and 0 < y < likeness.shape[0] - 1
    if not inside or likeness[y, x] < _LEAST_LIKENESS:
        return None
    return x + _vertex(likeness[y, x - 1 : x + 2]) - _REACH, y + _vertex(likeness[y - 1 : y + 2, x]) - _REACH


def _vertex(values: Plane) -> float:
    before, peak, behind = (float(value) for value in values)
    curve = before - 2 * peak + behind
    return 0.0 if curve == 0 else (before - behind) / (2 * curve)


def _detail(strip: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(strip, (0, 0), 1.0) - cv2.GaussianBlur(strip, (0, 0), 8.0), np.float32)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
