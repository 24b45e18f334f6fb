"""dlib's ResNet: a face as 128 numbers; two pictures of one person lie less than about 0.6 apart."""

from pathlib import Path

import cv2
import dlib
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.kept_faces import FaceBox
from kiosk.domain.face import Landmarks

Embedding = npt.NDArray[np.float64]
"""Shape (128,)."""

_CHIP_SIDE = 150
_CHIP_PADDING = 0.25
_EYES = (33, 133, 362, 263)
_CHIN = 152
_CHIN_DEPTH = 1.66
_BOX_SIDE, _BOX_DROP = 2.2, 0.45
"""The box dlib's own detector would draw, in eye distances, on which its five-point model was trained: measured on the
portraits of the virtual hall. A turned face is measured by its chin, 1.66 eye distances below the eyes."""


def box_of(landmarks: Landmarks) -> FaceBox:
    eyes = landmarks[list(_EYES), :2]
    middle = eyes.mean(axis=0)
    eye_distance = float(np.hypot(*(eyes[2:].mean(axis=0) - eyes[:2].mean(axis=0))))
    scale = max(eye_distance, float(np.hypot(*(landmarks[_CHIN, :2] - middle))) / _CHIN_DEPTH)
    return FaceBox(float(middle[0]), float(middle[1]) + _BOX_DROP * scale, _BOX_SIDE * scale)


class Recogniser:
    def __init__(self, five_points: Path, network: Path) -> None:
        self._five_points = dlib.shape_predictor(str(five_points))
        self._network = dlib.face_recognition_model_v1(str(network))

    def embed(self, image: Image, box: FaceBox) -> Embedding:
        rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
        half = box.side / 2
        corners = (box.x - half, box.y - half, box.x + half, box.y + half)
        shape = self._five_points(rgb, dlib.rectangle(*(round(corner) for corner in corners)))
        chip = dlib.get_face_chip(rgb, shape, _CHIP_SIDE, _CHIP_PADDING)
        embedding = np.array(self._network.compute_face_descriptor(chip), dtype=np.float64)
        chip[:] = 0
        rgb[:] = 0
        return embedding

    def forget(self) -> None:
        self._network.compute_face_descriptor(np.zeros((_CHIP_SIDE, _CHIP_SIDE, 3), np.uint8))
