"""SFace, where a technician placed it: compares faces in place of dlib's ResNet."""

from __future__ import annotations

from math import sqrt
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from devices.face_analyser.embedded.kept_faces import FaceBox
from devices.face_analyser.embedded.mesh import FaceMesh, Region, region_of_landmarks
from devices.face_analyser.embedded.placed_input import prepared, trial
from devices.face_analyser.embedded.recogniser import Embedding
from devices.face_analyser.embedded.upgrade_manifest import InputSpec, PlacedFile
from kiosk.domain.face import Landmarks
from kiosk.face.settings import FaceSettings

_SIDE = 112
_NUMBERS = 128
_RIGHT_EYE, _LEFT_EYE = (33, 133), (362, 263)
_NOSE_TIP, _MOUTH_CORNERS = 1, (61, 291)
_LOOK_AROUND = 1.9
_SETTLING_ROUNDS = 2


class SFace:
    """An embedding points in a direction; two faces are as alike as the cosine between them.

    The port's measure is a distance, and what is decided about it is written for dlib's. Therefore every embedding is
    given the one length at which the maker's threshold (``threshold`` of the manifest: SFace's published cosine is
    0.363) lies exactly at the default ``match_threshold``, 0.55. Opposite faces then lie 0.97 apart, unrelated ones
    about 0.69, as dlib's do; what else is held against distances (grey band, one person in all frames) is not measured
    for a placed network until ``python -m benchmarks.face_pairs --upgrade`` has run with it.
    """

    def __init__(self, model: bytes, placed: PlacedFile, mesh: FaceMesh) -> None:
        self._placed = placed
        self._mesh = mesh
        self._length = FaceSettings().match_threshold / sqrt(2 - 2 * placed.threshold)
        self._network = cv2.FaceRecognizerSF.create("onnx", np.frombuffer(model, np.uint8), np.zeros(0, np.uint8))

    def embed(self, image: Image, box: FaceBox) -> Embedding | None:
        """None when the mesh finds no face about the box to align the picture by."""
        landmarks = self._landmarks(image, box)
        if landmarks is None:
            return None
        aligned = np.asarray(self._network.alignCrop(image, _face_row(landmarks)), np.uint8)
        embedding = self._directed(aligned)
        aligned[:] = 0
        return embedding

    def forget(self) -> None:
        self._directed(np.zeros((_SIDE, _SIDE, 3), np.uint8))

    def _directed(self, aligned: Image) -> Embedding:
        shown = prepared(aligned, self._placed, "rgb")
        numbers = self._network.feature(shown).reshape(-1)
        embedding = numbers.astype(np.float64)
        shown[:] = 0
        numbers[:] = 0
        embedding *= self._length / max(float(np.linalg.norm(embedding)), 1e-9)
        return embedding

    def _landmarks(self, image: Image, box: FaceBox) -> Landmarks | None:
        landmarks = self._mesh.measure(image, Region(box.x, box.y, _LOOK_AROUND * box.side, 0))
        for _ in range(_SETTLING_ROUNDS):
            landmarks = None if landmarks is None else self._mesh.measure(image, region_of_landmarks(landmarks))
        return landmarks


def fits_sface(network: Any, spec: InputSpec) -> bool:
    """Whether a network makes 128 numbers of an aligned face of 112x112 pixels."""
    if spec.size != (_SIDE, _SIDE):
        return False
    network.setInput(trial(spec))
    answer = network.forward()
    return answer.shape == (1, _NUMBERS) and bool(np.isfinite(answer).all())


def _face_row(landmarks: Landmarks) -> npt.NDArray[np.float32]:
    """Box (not looked at), eyes, nose and corners of the mouth as OpenCV wants them, the citizen's right first."""
    points = [landmarks[list(eye), :2].mean(axis=0) for eye in (_RIGHT_EYE, _LEFT_EYE)]
    points += [landmarks[index, :2] for index in (_NOSE_TIP, *_MOUTH_CORNERS)]
    return np.concatenate([np.zeros(4), *points, np.ones(1)]).astype(np.float32)[None]
