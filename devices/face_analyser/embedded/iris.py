"""The eyes: contours of the lids by the iris model, and what lies about them.

The network reads one eye in a square of 64x64 pixels, RGB, 0 to 1, 2.3 times as wide as the eye and turned level. It
gives 71 points of contour and brow: the first nine are the lower lid from the outer corner to the inner one, the next
seven the upper lid between the corners (MediaPipe, iris_landmark.tflite; made for the citizen's right eye, so the left
one is shown to it in a mirror).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, sin
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from kiosk.domain.face import Eyes, Greys, Landmarks

_SIDE = 64
_WIDER = 2.3
_OUTPUT = "output_eyes_contours_and_brows"
_CONTOUR_POINTS = 71

_RIGHT, _LEFT = (33, 133), (362, 263)
"""Corners in the mesh, in the order in which they lie in the picture."""

_CORNERS = (0, 8)
_LIDS = ((3, 11), (5, 13))
"""Lower and upper lid on both sides of the pupil: 0.34 of the corners' distance apart when open, 0.04-0.06 closed."""

_MOST_YAW = 35.0
_SIDES_OF_FACE = (234, 454)

# Mesh points, citizen's right and left: chosen so that the second largest change among them, by the face's brightness,
# is small when lids close, behind glasses too (at most 0.19), and large when strips of any colour hide just the eyes
# (at least 0.21, in 99 of 100 cases 0.27).
_AROUND = (
    8,  # between the brows
    *(193, 417),  # between bridge and inner corners
    *(189, 413),  # sides of the bridge
    *(190, 414),  # above the inner corners
    *(225, 445),  # between lid and brow, outside
    *(130, 359),  # at the outer corners
    *(25, 255),  # below the outer corners
    *(230, 450),  # below the eyes
    *(245, 465),  # sides of the nose
)
_AREA = 0.05
"""Half the side of an area, in eye distances."""


@dataclass(frozen=True, slots=True)
class _Eye:
    """A turned square about one eye: centre, side and angle as of ``mesh.Region``; ``mirrored`` swaps its sides."""

    x: float
    y: float
    side: float
    angle: float
    mirrored: bool

    @property
    def to_image(self) -> npt.NDArray[np.float64]:
        """Affine map from pixels of the square to pixels of the image, shape (2, 3)."""
        step = self.side / _SIDE
        aside = -step if self.mirrored else step
        turn = np.array(
            [
                [aside * cos(self.angle), -step * sin(self.angle)],
                [aside * sin(self.angle), step * cos(self.angle)],
            ]
        )
        middle = (_SIDE - 1) / 2
        return np.column_stack([turn, np.array([self.x, self.y]) - turn @ np.array([middle, middle])])


class IrisModel:
    def __init__(self, model: Path) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(model), engine=cv2.dnn.ENGINE_CLASSIC)

    def measure(self, image: Image, landmarks: Landmarks) -> Eyes | None:
        """None when the face is turned so far that one of the eyes lies behind the nose."""
        if abs(_yaw(landmarks)) > _MOST_YAW:
            return None
        right = self._openness(image, _eye(landmarks, _RIGHT, mirrored=False))
        left = self._openness(image, _eye(landmarks, _LEFT, mirrored=True))
        return Eyes(right, left, _around(image, landmarks))

    def forget(self) -> None:
        self._openness(np.zeros((2, 2, 3), np.uint8), _Eye(0, 0, 1, 0, mirrored=False))

    def _openness(self, image: Image, eye: _Eye) -> float:
        square = cv2.warpAffine(
            image,
            eye.to_image,
            (_SIDE, _SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        blob = cv2.dnn.blobFromImage(square, 1 / 255, (_SIDE, _SIDE), swapRB=True)
        self._net.setInput(blob)
        contour = np.asarray(self._net.forward(_OUTPUT), np.float32).reshape(_CONTOUR_POINTS, 3)[:, :2]
        square[:] = 0
        blob[:] = 0
        width = _apart(contour, _CORNERS)
        return sum((_apart(contour, pair) for pair in _LIDS), 0.0) / len(_LIDS) / max(width, 1e-6)


def _yaw(landmarks: Landmarks) -> float:
    """Degrees by the mesh's own depth."""
    x, y, z = (float(part) for part in landmarks[_SIDES_OF_FACE[1]] - landmarks[_SIDES_OF_FACE[0]])
    return degrees(atan2(z, hypot(x, y)))


def _eye(landmarks: Landmarks, corners: tuple[int, int], *, mirrored: bool) -> _Eye:
    one, other = landmarks[corners[0], :2], landmarks[corners[1], :2]
    across, down = (float(part) for part in other - one)
    x, y = (float(part) for part in (one + other) / 2)
    return _Eye(x, y, _WIDER * max(abs(across), abs(down)), atan2(down, across), mirrored)


def _apart(points: npt.NDArray[np.float32], pair: tuple[int, int]) -> float:
    x, y = points[pair[0]] - points[pair[1]]
    return hypot(float(x), float(y))


def _around(image: Image, landmarks: Landmarks) -> Greys:
    """Mean greys of the areas of ``_AROUND``, 0 where one lies outside the picture."""
    flat = landmarks[:, :2]
    between = flat[list(_LEFT)].mean(axis=0) - flat[list(_RIGHT)].mean(axis=0)
    half = max(1, round(_AREA * hypot(*(float(part) for part in between))))
    places = np.rint(flat[list(_AROUND)]).astype(int)
    (left, top), (right, bottom) = np.maximum(places.min(axis=0) - half, 0), places.max(axis=0) + half + 1
    part = image[top:bottom, left:right]
    if not part.size:
        return np.zeros(len(_AROUND), np.float32)
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    greys = [
        cv2.mean(grey[max(0, y - half) : max(0, y + half + 1), max(0, x - half) : max(0, x + half + 1)])[0]
        for x, y in places - (left, top)
    ]
    grey[:] = 0
    return np.array(greys, np.float32)
