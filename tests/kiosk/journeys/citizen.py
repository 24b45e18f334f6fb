"""A made-up head of a few dozen points, as a head that turns or as a print that is tilted."""

from math import cos, radians, sin

import numpy as np

from kiosk.domain.face import FaceObservation, Landmarks

EYE_DISTANCE_PX = 110.0
CENTRE = (320.0, 220.0)

_MIRRORED = {
    (33, 263): (0.72, 0.0, 0.05),
    (133, 362): (0.28, 0.0, 0.0),
    (98, 327): (0.22, 0.75, -0.3),
    (48, 278): (0.25, 0.65, -0.28),
    (67, 297): (0.4, -0.9, 0.1),
    (103, 332): (0.65, -0.75, 0.25),
    (127, 356): (0.95, -0.1, 0.6),
    (234, 454): (1.0, 0.2, 0.7),
    (93, 323): (0.95, 0.5, 0.65),
    (117, 346): (0.6, 0.45, -0.02),
}
_MIDDLE = {
    168: (0.0, -0.1),
    6: (0.1, -0.15),
    197: (0.25, -0.25),
    195: (0.35, -0.35),
    5: (0.5, -0.5),
    4: (0.6, -0.58),
    1: (0.68, -0.6),
    2: (0.78, -0.45),
    10: (-1.0, 0.0),
    151: (-0.75, -0.05),
    9: (-0.4, -0.08),
    152: (1.8, 0.0),
}


def _head() -> Landmarks:
    points = np.zeros((468, 3), np.float32)
    for (right, left), (x, y, z) in _MIRRORED.items():
        points[right], points[left] = (-x, y, z), (x, y, z)
    points[50] = (-0.55, 0.55, -0.08)
    for index, (y, z) in _MIDDLE.items():
        points[index] = (0.0, y, z)
    return points


def seen(sequence: int, at: float, degrees: float = 0.0, *, flat: bool = False) -> FaceObservation:
    """One observation; positive ``degrees`` turn to the citizen's own left, which is picture right. A ``flat`` head is
    a print tilted so far: it grows narrower, and the mesh still believes that it looks ahead."""
    head = _head()
    angle = radians(degrees)
    x = head[:, 0] * cos(angle) - (0 if flat else head[:, 2] * sin(angle))
    z = head[:, 2] if flat else head[:, 0] * sin(angle) + head[:, 2] * cos(angle)
    scale = EYE_DISTANCE_PX
    landmarks = np.stack([CENTRE[0] + x * scale, CENTRE[1] + head[:, 1] * scale, z * scale], axis=1)
    return FaceObservation(sequence, at, 1, landmarks.astype(np.float32), 128.0, 100.0)


def nobody(sequence: int, at: float) -> FaceObservation:
    return FaceObservation(sequence, at, 0, None, 128.0, 100.0)
