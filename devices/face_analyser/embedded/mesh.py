"""The face mesh: 468 points with depth (MediaPipe, face_landmark.tflite, input 192x192 RGB, 0 to 1)."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, sin
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import FoundFace, Image
from kiosk.domain.face import Landmarks

_SIDE = 192
_WIDER = 1.5
_OUTPUTS = ("conv2d_21", "conv2d_31")
_EYE_CORNERS = (33, 263)
_PRESENT = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """A turned square: centre, side in pixels, angle in radians (clockwise in the picture)."""

    x: float
    y: float
    side: float
    angle: float


def region_of_face(face: FoundFace) -> Region:
    angle = atan2(face.right_eye[1] - face.left_eye[1], face.right_eye[0] - face.left_eye[0])
    side = _WIDER * max(face.width, face.height)
    return Region(face.x + face.width / 2, face.y + face.height / 2, side, angle)


def region_of_landmarks(landmarks: Landmarks) -> Region:
    """Where the same face is looked for in the next frame."""
    one, other = landmarks[_EYE_CORNERS[0]], landmarks[_EYE_CORNERS[1]]
    angle = atan2(float(other[1] - one[1]), float(other[0] - one[0]))
    upright = landmarks[:, :2] @ np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]], np.float32)
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = (low + high) / 2
    side = _WIDER * float((high - low).max())
    return Region(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle), side, angle)


class FaceMesh:
    def __init__(self, model: Path) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(model), engine=cv2.dnn.ENGINE_CLASSIC)

    def measure(self, image: Image, region: Region) -> Landmarks | None:
        """The points of the face in ``region``, in pixels of ``image``; None when there is no face in it."""
        to_image = _from_square(region)
        square = cv2.warpAffine(
            image, to_image, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=(0, 0, 0)
        )
        blob = cv2.dnn.blobFromImage(square, 1 / 255, (_SIDE, _SIDE), swapRB=True)
        self._net.setInput(blob)
        points, presence = self._net.forward(_OUTPUTS)
        square[:] = 0
        blob[:] = 0
        if 1 / (1 + np.exp(-float(presence.reshape(-1)[0]))) < _PRESENT:
            return None
        mesh = points.reshape(468, 3)
        flat = np.column_stack([mesh[:, :2], np.ones(468)]) @ to_image.T
        landmarks: Landmarks = np.column_stack([flat, mesh[:, 2] * region.side / _SIDE]).astype(np.float32)
        return landmarks


def _from_square(region: Region) -> npt.NDArray[np.float64]:
    """Affine map from pixels of the 192x192 square to pixels of the image, shape (2, 3)."""
    step = region.side / _SIDE
    across, down = step * cos(region.angle), step * sin(region.angle)
    half = _SIDE / 2
    return np.array(
        [
            [across, -down, region.x - half * across + half * down],
            [down, across, region.y - half * down - half * across],
        ]
    )
