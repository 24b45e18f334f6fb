"""What light a camera sees by: daylight, or the near infrared of the lamp beside it."""

from enum import Enum

import cv2
import numpy as np

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.portraits import Image


class Band(Enum):
    VISIBLE = "visible"
    INFRARED = "infrared"


_PAPER_WHITE, _INK = 226, 0.06
"""Grey of bare paper, and the share of its print's contrast that is left: most inks are white in the infrared."""

_LAMP_REACH = 0.3
"""Light that the lamp's 850 nm still has on the wall of the hall, as a share of that on a face."""


def person_in_infrared(layer: Image) -> Image:
    """A person's layer (H, W, 4), colours multiplied by the cover: skin paler than by day, hair and cloth greyer."""
    reddish = np.array([[0.0, 0.22, 0.56, 0.13]] * 3 + [[0.0, 0.0, 0.0, 1.0]])
    return np.asarray(cv2.transform(layer, reddish), dtype=np.uint8)


def paper_in_infrared(layer: Image) -> Image:
    """A printed sheet's layer: nearly white, the ink faint."""
    paper = _PAPER_WHITE / 255 * (1 - _INK)
    pale = np.array([[0.11 * _INK, 0.59 * _INK, 0.3 * _INK, paper]] * 3 + [[0.0, 0.0, 0.0, 1.0]])
    return np.asarray(cv2.transform(layer, pale), dtype=np.uint8)


def hall_in_infrared(hall: Image) -> Image:
    """The wall lies beyond the lamp's reach, its rim more than its middle."""
    grey = cv2.cvtColor(hall, cv2.COLOR_BGR2GRAY).astype(np.float32)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    aside = np.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT)
    lit = grey * _LAMP_REACH * (1 - 0.5 * np.minimum(aside, 1.0))
    return np.asarray(cv2.cvtColor(lit.astype(np.uint8), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
