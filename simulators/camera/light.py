"""How the camera answers to the hall's light: by a picture's gamma, and rolled off where it is bright."""

import cv2
import numpy as np

from simulators.portraits import Image

_GAMMA = 2.2
_KNEE = 0.8
"""Share of white above which a brighter picture is compressed."""


def under_light(picture: Image, level: float) -> Image:
    """``picture``, taken at the usual light, as it would be at ``level`` times as much."""
    if level == 1.0:
        return picture
    gain = level ** (1 / _GAMMA)
    curve = np.arange(256) / 255 * gain
    if gain > 1:
        above = np.clip((curve - _KNEE) / (gain - _KNEE), 0.0, 1.0)
        steepness = (gain - _KNEE) / (1 - _KNEE)
        curve = np.where(curve > _KNEE, 1 - (1 - _KNEE) * (1 - above) ** steepness, curve)
    return np.asarray(cv2.LUT(picture, np.rint(255 * curve).astype(np.uint8)), dtype=np.uint8)
