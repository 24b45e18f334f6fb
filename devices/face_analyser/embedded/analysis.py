"""Measures, keeps, compares, forgets: the whole of the worker but its channel."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from devices.face_analyser.embedded.detector import BlazeFace, FoundFace, Image
from devices.face_analyser.embedded.infrared import infrared_look
from devices.face_analyser.embedded.iris import IrisModel
from devices.face_analyser.embedded.kept_faces import KeptFaces
from devices.face_analyser.embedded.mesh import FaceMesh, Region, region_of_face, region_of_landmarks
from devices.face_analyser.embedded.model_digests import DETECTOR, FIVE_POINTS, IRIS, MESH, MODEL_NAME, RECOGNISER
from devices.face_analyser.embedded.recogniser import Embedding, Recogniser, box_of
from devices.face_analyser.embedded.traits import TraitsOfFrames
from devices.face_analyser.embedded.upgrade import PlacedModels, placed_models
from kiosk.domain.face import FaceObservation, InfraredLook, Landmarks, PictureTraits

_TRACK_GAP_S = 0.5
_SETTLING_ROUNDS = 2
_SMALL_REFERENCE = 400
_REFERENCE_SCALE = 3
"""A chip picture is 102x126 pixels; enlarged three times the detector finds every face in it."""

_QUALITY_SIDE = 128
_BLANK: Image = np.zeros((2, 2, 3), np.uint8)


class Analysis:
    """``model`` names the recogniser in use; ``refused`` are the placed files that are not, with their reasons."""

    def __init__(
        self,
        models: Path,
        detection_score: float,
        bystander_share: float,
        kept_frames: int,
        upgrade: Path | None = None,
    ) -> None:
        self._mesh = FaceMesh(models / MESH)
        placed = PlacedModels() if upgrade is None else placed_models(upgrade, self._mesh)
        self._detector = placed.detector or BlazeFace(models / DETECTOR, detection_score)
        self._recogniser = placed.recogniser or Recogniser(models / FIVE_POINTS, models / RECOGNISER)
        self._advisor = placed.advisor
        self.model, self.refused = placed.name or MODEL_NAME, placed.refused
        self._bystander_share = bystander_share
        self._iris = IrisModel(models / IRIS)
        self._traits = TraitsOfFrames()
        self._kept = KeptFaces(kept_frames)
        self._reference: Embedding | None = None
        self._track: Region | None = None
        self._track_at = 0.0

    def set_reference(self, picture: Image) -> bool:
        """False when no face is found in it."""
        self._forget_reference()
        self._reference = self.portrait_embedding(picture)
        return self._reference is not None

    def portrait_embedding(self, picture: Image) -> Embedding | None:
        """Of the largest face in a reference picture; None when there is none. The caller overwrites it."""
        scale = _REFERENCE_SCALE if max(picture.shape[:2]) < _SMALL_REFERENCE else 1
        image = picture
        if scale != 1:
            image = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
        faces = self._detector.find(image)
        landmarks = self._settled(image, faces[0]) if faces else None
        embedding = None if landmarks is None else self._recogniser.embed(image, box_of(landmarks))
        if image is not picture:
            image[:] = 0
        return embedding

    def observe(self, sequence: int, at: float, image: Image, infrared: Image | None = None) -> FaceObservation:
        faces = self._detector.find(image)
        landmarks = self._landmarks(image, faces, at)
        if landmarks is None:
            traits = self._traits.measure(image, None)
            return FaceObservation(sequence, at, len(self._counted(faces)), None, _mean_grey(image), 0.0, None, traits)
        self._track, self._track_at = region_of_landmarks(landmarks), at
        self._kept.keep(sequence, image, box_of(landmarks))
        brightness, sharpness = _quality(image, landmarks)
        return FaceObservation(
            sequence,
            at,
            max(1, len(self._counted(faces))),
            landmarks,
            brightness,
            sharpness,
            self._iris.measure(image, landmarks),
            self._advised(image, landmarks),
            infrared=self._infrared(image, infrared, landmarks),
        )

    def _advised(self, image: Image, landmarks: Landmarks) -> PictureTraits:
        traits = self._traits.measure(image, landmarks)
        return traits if self._advisor is None else replace(traits, advice=self._advisor.advice(image, landmarks))

    def _infrared(self, image: Image, infrared: Image | None, landmarks: Landmarks) -> InfraredLook | None:
        if infrared is None:
            return None
        return infrared_look(self._detector, infrared, (image.shape[1], image.shape[0]), landmarks)

    def compare(self, sequences: tuple[int, ...], witnesses: tuple[int, ...]) -> tuple[tuple[float, ...], float]:
        """Distances of the kept ones among the asked frames, and the largest distance between any two of frames and
        witnesses; ``LookupError`` without a reference."""
        if self._reference is None:
            raise LookupError("no reference is set")
        asked, others = self._embeddings(sequences), self._embeddings(witnesses)
        distances = tuple(float(np.linalg.norm(embedding - self._reference)) for embedding in asked)
        everybody = [*asked, *others]
        spread = max((float(np.linalg.norm(a - b)) for a, b in combinations(everybody, 2)), default=0.0)
        for embedding in everybody:
            embedding[:] = 0
        return distances, spread

    def frame_embedding(self, sequence: int) -> Embedding | None:
        """Of a kept face; None when none is kept of that frame. The caller overwrites it."""
        kept = self._kept.face(sequence)
        if kept is None:
            return None
        image, box = kept
        embedding = self._recogniser.embed(image, box)
        image[:] = 0
        return embedding

    def _embeddings(self, sequences: tuple[int, ...]) -> list[Embedding]:
        found = [self.frame_embedding(sequence) for sequence in sequences]
        return [embedding for embedding in found if embedding is not None]

    def crop(self, sequence: int) -> bytes | None:
        return self._kept.jpeg(sequence)

    def forget(self) -> None:
        """Also runs every network on an empty picture: the last face stays in their buffers otherwise."""
        self._forget_reference()
        self._kept.forget()
        self._traits.forget()
        self._track = None
        self._detector.find(_BLANK)
        self._mesh.measure(_BLANK, Region(0, 0, 1, 0))
        self._iris.forget()
        self._recogniser.forget()
        if self._advisor is not None:
            self._advisor.forget()

    def _forget_reference(self) -> None:
        if self._reference is not None:
            self._reference[:] = 0
        self._reference = None

    def _landmarks(self, image: Image, faces: list[FoundFace], at: float) -> Landmarks | None:
        """Follows the face of the last frame while it is still the largest, else looks at the largest anew."""
        track, self._track = self._track, None
        if track is not None and at - self._track_at <= _TRACK_GAP_S and (not faces or _inside(faces[0], track)):
            followed = self._mesh.measure(image, track)
            if followed is not None:
                return followed
        return self._settled(image, faces[0]) if faces else None

    def _settled(self, image: Image, face: FoundFace) -> Landmarks | None:
        """A detector's box is coarse: the points of a first look say where to look again."""
        landmarks = self._mesh.measure(image, region_of_face(face))
        for _ in range(_SETTLING_ROUNDS):
            landmarks = None if landmarks is None else self._mesh.measure(image, region_of_landmarks(landmarks))
        return landmarks

    def _counted(self, faces: list[FoundFace]) -> list[FoundFace]:
        return [face for face in faces if face.width >= self._bystander_share * faces[0].width]


def _inside(face: FoundFace, region: Region) -> bool:
    reach = region.side / 4
    return abs(face.x + face.width / 2 - region.x) <= reach and abs(face.y + face.height / 2 - region.y) <= reach


def _mean_grey(image: Image) -> float:
    blue, green, red, _ = cv2.mean(image)
    return 0.114 * blue + 0.587 * green + 0.299 * red


def _quality(image: Image, landmarks: Landmarks) -> tuple[float, float]:
    """Mean grey of the face, and the variance of its Laplacian at a width of 128 pixels."""
    height, width = image.shape[:2]
    left, top = np.maximum(landmarks[:, :2].min(axis=0).astype(int), 0)
    right, bottom = np.minimum(landmarks[:, :2].max(axis=0).astype(int) + 1, (width, height))
    if right - left < 2 or bottom - top < 2:
        return _mean_grey(image), 0.0
    grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY)
    size = (_QUALITY_SIDE, max(1, round(_QUALITY_SIDE * (bottom - top) / (right - left))))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    sharpness = float(cv2.Laplacian(small, cv2.CV_64F).var())
    brightness = float(small.mean())
    grey[:] = 0
    small[:] = 0
    return brightness, sharpness
