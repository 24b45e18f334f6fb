"""Whether a mask covers mouth and chin, by its colour.

Lips are redder than the chin below them, on every face and through every beard; a mask is the same over both.
Measured in Lab on the two training portraits, bare and with masks of four colours painted on: lips and chin 2.6 to 7.3
apart bare, at most 0.4 masked; chin and jaws from the forehead and cheeks 2 to 8 bare, 12 and more masked.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from kiosk.domain.face import Landmarks

_LIPS, _CHIN, _JAWS, _SKIN = (37, 267, 84, 314), (199, 175), (214, 434), (151, 9, 50, 280, 118, 347)
"""Mesh points: outer edge of both lips, middle of the chin, beside the mouth, forehead and upper cheeks."""

_AREA = 0.03
"""Half the side of an area, in widths of the face."""

_ONE_COLOUR, _OTHER_COLOUR = 1.5, 10.0


def masked(image: Image, landmarks: Landmarks) -> bool:
    lips, chin, jaws, skin = (_chroma(image, landmarks, points) for points in (_LIPS, _CHIN, _JAWS, _SKIN))
    if lips is None or chin is None or jaws is None or skin is None:
        return False
    covered = min(float(np.hypot(*(chin - skin))), float(np.hypot(*(jaws - skin))))
    return float(np.hypot(*(lips - chin))) <= _ONE_COLOUR and covered >= _OTHER_COLOUR


def _chroma(image: Image, landmarks: Landmarks, points: tuple[int, ...]) -> npt.NDArray[np.float64] | None:
    """Mean a and b; None where a point lies outside the picture."""
    height, width = image.shape[:2]
    half = max(1, round(_AREA * float(np.ptp(landmarks[:, 0]))))
    found = []
    for x, y in np.rint(landmarks[list(points), :2]).astype(int):
        if not (half <= x < width - half and half <= y < height - half):
            return None
        lab = cv2.cvtColor(image[y - half : y + half + 1, x - half : x + half + 1], cv2.COLOR_BGR2LAB)
        found.append(cv2.mean(lab)[1:3])
    mean: npt.NDArray[np.float64] = np.mean(found, axis=0)
    return mean
