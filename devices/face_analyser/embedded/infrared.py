"""What the near-infrared camera of a pair saw where the colour camera saw the face."""

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import BlazeFace, Image
from devices.face_analyser.embedded.yunet import YuNet
from kiosk.domain.face import InfraredLook, Landmarks

Point = npt.NDArray[np.float64]
"""Shape (2,): x and y."""

_REACH = 0.5
"""The two lenses sit a few centimetres apart: a face counts this far off, in widths of the colour picture's face."""


def infrared_look(
    detector: BlazeFace | YuNet, infrared: Image, size: tuple[int, int], landmarks: Landmarks
) -> InfraredLook:
    """``infrared`` (height, width) in grey; ``landmarks`` in pixels of a colour picture of ``size`` (width, height),
    which shows the same view."""
    scale = np.array([infrared.shape[1] / size[0], infrared.shape[0] / size[1]])
    low, high = landmarks[:, :2].min(axis=0) * scale, landmarks[:, :2].max(axis=0) * scale
    return InfraredLook(_face_near(detector, infrared, low, high), _texture(infrared, low, high))


def _face_near(detector: BlazeFace | YuNet, infrared: Image, low: Point, high: Point) -> bool:
    picture = np.asarray(cv2.cvtColor(infrared, cv2.COLOR_GRAY2BGR), np.uint8)
    faces = detector.find(picture)
    picture[:] = 0
    middle, reach = (low + high) / 2, _REACH * float(high[0] - low[0])
    found = [(face.x + face.width / 2, face.y + face.height / 2) for face in faces]
    return any(float(np.abs(np.array(place) - middle).max()) <= reach for place in found)


def _texture(infrared: Image, low: Point, high: Point) -> float:
    (left, top), (right, bottom) = np.maximum(low, 0).astype(int), np.maximum(high, 0).astype(int)
    part = infrared[top : bottom + 1, left : right + 1]
    mean, spread = cv2.meanStdDev(part) if part.size else (np.zeros(1), np.zeros(1))
    return float(spread.item() / max(mean.item(), 1.0))
