"""How the sensor answers to the hall's light: linear light with the gamma of a picture, clipped where it is full."""

import cv2
import numpy as np

from simulators.portraits import Image

_GAMMA = 2.2


def under_light(picture: Image, level: float) -> Image:
    """``picture``, taken at the usual light, as it would be at ``level`` times as much."""
    if level == 1.0:
        return picture
    curve = 255 * (np.arange(256) / 255) * level ** (1 / _GAMMA)
    return np.asarray(cv2.LUT(picture, np.clip(np.rint(curve), 0, 255).astype(np.uint8)), dtype=np.uint8)
