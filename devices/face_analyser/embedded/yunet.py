"""YuNet, where a technician placed it: finds faces in place of BlazeFace."""

from typing import Any

import cv2
import numpy as np

from devices.face_analyser.embedded.detector import FoundFace, Image
from devices.face_analyser.embedded.placed_input import prepared, trial
from devices.face_analyser.embedded.upgrade_manifest import InputSpec, PlacedFile

_STRIDES = (8, 16, 32)
_NUMBERS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
_OVERLAP = 0.3
_MOST = 50
_WHOLE_CELLS = 32


class YuNet:
    """A face counts from the manifest's ``threshold`` on, a score of 0 to 1."""

    def __init__(self, model: bytes, placed: PlacedFile) -> None:
        self._placed = placed
        content, none = np.frombuffer(model, np.uint8), np.zeros(0, np.uint8)
        size, score = placed.size, placed.threshold
        self._network = cv2.FaceDetectorYN.create("onnx", content, none, size, score, _OVERLAP, _MOST)

    def find(self, image: Image) -> list[FoundFace]:
        """Faces in the picture, the widest first."""
        width, height = self._placed.size
        scale = min(width / image.shape[1], height / image.shape[0])
        small = cv2.resize(image, _scaled(image, scale), interpolation=cv2.INTER_AREA)
        whole: Image = np.zeros((height, width, 3), np.uint8)
        whole[: small.shape[0], : small.shape[1]] = small
        shown = prepared(whole, self._placed, "bgr")
        _, rows = self._network.detect(shown)
        for picture in (small, whole, shown):
            picture[:] = 0
        found = [] if rows is None else [_face([float(number) for number in row], scale) for row in rows]
        return sorted(found, key=lambda face: -face.width)


def fits_yunet(network: Any, spec: InputSpec) -> bool:
    """Whether a network answers as YuNet does: for every stride a score, a box and five points a cell. OpenCV's reader
    of YuNet believes this unseen."""
    if any(side % _WHOLE_CELLS for side in spec.size):
        return False
    network.setInput(trial(spec))
    answers = network.forward([f"{part}_{stride}" for part in _NUMBERS for stride in _STRIDES])
    cells = [spec.size[0] // stride * (spec.size[1] // stride) for stride in _STRIDES]
    expected = [(1, count, numbers) for numbers in _NUMBERS.values() for count in cells]
    return [answer.shape for answer in answers] == expected


def _scaled(image: Image, scale: float) -> tuple[int, int]:
    return max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))


def _face(row: list[float], scale: float) -> FoundFace:
    """Box, right eye, left eye, nose, corners of the mouth, score: the citizen's right eye is on the picture's left."""
    x, y, width, height, right_x, right_y, left_x, left_y = (number / scale for number in row[:8])
    return FoundFace(x, y, width, height, (right_x, right_y), (left_x, left_y), row[-1])
