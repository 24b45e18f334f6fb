"""Regular patterns in the face region: the pixel grid of a screen against the sensor's, the raster of a print.

Power spectra of overlapping 64x64 windows at the camera's own resolution, averaged; a grid stands in them as a lonely
peak, skin and hair fall off smoothly. Left out are the places where the 8x8 blocks of a camera's JPEG have their own
peaks, and everything slower than one period in 12 pixels, where a face has its features.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from kiosk.domain.face import Landmarks

_SIDE = 64
_STEP = 32
_MOST_WINDOWS = 5
"""Windows a side; a larger face is looked at in its middle."""

_SLOWEST = 1 / 12
"""Periods a pixel."""

_BLOCK = 8
_NEIGHBOURS = 9
_LEVELS = 12.0
"""Grey levels for a natural logarithm's unit, so that the median of the neighbours can be taken in bytes."""

Plane = npt.NDArray[np.float32]


def pattern_strength(image: Image, landmarks: Landmarks) -> float | None:
    """How far the strongest peak stands out of the median of its neighbours, as the natural logarithm of the ratio of
    powers; None when less than one window of face is in the picture."""
    grey = _face(image, landmarks)
    if min(grey.shape) < _SIDE:
        return None
    spectrum = _spectrum(grey)
    grey[:] = 0
    level = np.clip(spectrum * _LEVELS, 0, 255).astype(np.uint8)
    wide = np.pad(level, _NEIGHBOURS, mode="wrap")
    around = cv2.medianBlur(wide, _NEIGHBOURS)[_NEIGHBOURS:-_NEIGHBOURS, _NEIGHBOURS:-_NEIGHBOURS]
    return float(((spectrum - around / _LEVELS) * _COUNTED).max())


def _face(image: Image, landmarks: Landmarks) -> npt.NDArray[np.uint8]:
    height, width = image.shape[:2]
    middle = (landmarks[:, :2].min(axis=0) + landmarks[:, :2].max(axis=0)) / 2
    half = np.minimum(np.ptp(landmarks[:, :2], axis=0), _SIDE + _STEP * (_MOST_WINDOWS - 1)) / 2
    left, top = np.maximum(middle - half, 0).astype(int)
    right, bottom = np.minimum(middle + half, (width, height)).astype(int)
    if right - left < _SIDE or bottom - top < _SIDE:
        return np.empty((0, 0), np.uint8)
    return np.asarray(cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY), np.uint8)


def _spectrum(grey: npt.NDArray[np.uint8]) -> Plane:
    """Natural logarithm of the mean power, shape (64, 64), the constant part in the middle."""
    windows = [
        grey[y : y + _SIDE, x : x + _SIDE]
        for y in range(0, grey.shape[0] - _SIDE + 1, _STEP)
        for x in range(0, grey.shape[1] - _SIDE + 1, _STEP)
    ]
    parts = np.stack(windows).astype(np.float32)
    parts -= parts.mean(axis=(1, 2), keepdims=True)
    parts *= _WINDOW
    power = (np.abs(np.fft.fft2(parts)) ** 2).mean(axis=0)
    parts[:] = 0
    return np.asarray(np.fft.fftshift(np.log1p(power)), np.float32)


def _counted() -> npt.NDArray[np.bool_]:
    """Where in the spectrum a pattern counts."""
    period = np.arange(_SIDE) - _SIDE // 2
    x, y = np.meshgrid(period, period)
    near_block = np.minimum(np.abs(period) % _BLOCK, _BLOCK - np.abs(period) % _BLOCK) <= 1
    blocks = near_block[:, None] & near_block[None, :]
    return np.asarray((np.hypot(x, y) >= _SLOWEST * _SIDE) & ~blocks)


_WINDOW = np.outer(np.hanning(_SIDE), np.hanning(_SIDE)).astype(np.float32)
_COUNTED = _counted()
