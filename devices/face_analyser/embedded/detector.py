"""BlazeFace short range: where faces are.

The network gives 896 candidates for a 128x128 picture: two for every cell of a 16x16 grid and six for every cell of an
8x8 grid, each a box and six key points relative to the cell's centre (MediaPipe, face_detection_short_range.tflite).
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""Shape (height, width, 3), BGR."""

_SIDE = 128
_GRIDS = ((16, 2), (8, 6))
_OVERLAP = 0.3
_OUTPUTS = ("classificators", "regressors")


@dataclass(frozen=True, slots=True)
class FoundFace:
    """Pixels: left upper corner, size, and the eyes (the one on the picture's left first)."""

    x: float
    y: float
    width: float
    height: float
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    score: float


class BlazeFace:
    def __init__(self, model: Path, score: float) -> None:
        self._net = cv2.dnn.readNetFromTFLite(str(model), engine=cv2.dnn.ENGINE_CLASSIC)
        self._score = score
        self._centres = _cell_centres()

    def find(self, image: Image) -> list[FoundFace]:
        """Faces in the picture, the widest first."""
        scale, left, top, square = _letterboxed(image)
        blob = cv2.dnn.blobFromImage(square, 1 / 127.5, (_SIDE, _SIDE), (127.5, 127.5, 127.5), swapRB=True)
        self._net.setInput(blob)
        logits, boxes = self._net.forward(_OUTPUTS)
        square[:] = 0
        blob[:] = 0
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        likely = np.flatnonzero(scores >= self._score)
        points = boxes[0, likely].reshape(-1, 8, 2).copy()
        points[:, [0, *range(2, 8)]] += self._centres[likely, None]
        points[:, [0, *range(2, 8)]] -= (left, top)
        points /= scale
        found = [_face(points[i], float(scores[index])) for i, index in enumerate(likely)]
        return sorted(_distinct(found), key=lambda face: -face.width)


def _cell_centres() -> npt.NDArray[np.float32]:
    centres = [
        ((x + 0.5) / cells * _SIDE, (y + 0.5) / cells * _SIDE)
        for cells, count in _GRIDS
        for y in range(cells)
        for x in range(cells)
        for _ in range(count)
    ]
    return np.array(centres, dtype=np.float32)


def _letterboxed(image: Image) -> tuple[float, int, int, Image]:
    height, width = image.shape[:2]
    scale = _SIDE / max(height, width)
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    square: Image = np.zeros((_SIDE, _SIDE, 3), np.uint8)
    top, left = (_SIDE - small.shape[0]) // 2, (_SIDE - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    small[:] = 0
    return scale, left, top, square


def _face(points: npt.NDArray[np.float32], score: float) -> FoundFace:
    (centre_x, centre_y), (width, height), one_eye, other_eye = (tuple(map(float, pair)) for pair in points[:4])
    return FoundFace(
        centre_x - width / 2, centre_y - height / 2, width, height, _pair(one_eye), _pair(other_eye), score
    )


def _pair(values: tuple[float, ...]) -> tuple[float, float]:
    return values[0], values[1]


def _distinct(faces: list[FoundFace]) -> list[FoundFace]:
    """The best-scored of every group of overlapping candidates."""
    kept: list[FoundFace] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(overlap(face, other) < _OVERLAP for other in kept):
            kept.append(face)
    return kept


def overlap(one: FoundFace, other: FoundFace) -> float:
    """Shared area over joint area."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, across) * max(0.0, down)
    return shared / max(one.width * one.height + other.width * other.height - shared, 1e-9)
