"""Draws a scene as the camera's sensor delivers it."""

from itertools import pairwise
from pathlib import Path
from typing import Final, assert_never

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.backdrop import paint_hall
from simulators.camera.cutout import HEIGHT, MARGIN, WIDTH, Cutout, cut_out
from simulators.camera.head import COARSE, build_relief, find_landmarks, view
from simulators.camera.pose import Pose
from simulators.camera.print_out import print_portrait, show_print
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError, load_portrait

YAWS: Final = tuple(range(-30, 31, 3))
PITCHES: Final = (-3, 0, 3)
"""Angles at which views are prepared; a pose between them is blended from its four neighbours."""

_NOISE_TILES = 7
_NOISE_SHIFT = 4


class Figure:
    """One living person, ready to be drawn at any pose."""

    def __init__(self, cutout: Cutout, landmarks: npt.NDArray[np.float64]) -> None:
        covered = cv2.multiply(cutout.colour, cv2.cvtColor(cutout.alpha, cv2.COLOR_GRAY2BGR), scale=1 / 255)
        self._texture = cv2.merge([*cv2.split(covered), cutout.alpha])
        relief = build_relief(cutout, landmarks)
        self._views = {(yaw, pitch): np.vstack(view(relief, yaw, pitch)) for yaw in YAWS for pitch in PITCHES}

    def draw(self, pose: Pose, backdrop: Image) -> Image:
        way, size = _frame_to_view(pose), (WIDTH, HEIGHT)
        across, down = (
            cv2.warpAffine(
                half, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
            )
            for half in np.vsplit(self._view(pose.yaw, pose.pitch), 2)
        )
        person = cv2.remap(self._texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        around = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(person, 3)), cv2.COLOR_GRAY2BGR)
        seen = cv2.add(cv2.cvtColor(person, cv2.COLOR_BGRA2BGR), cv2.multiply(backdrop, around, scale=1 / 255))
        return np.asarray(seen, dtype=np.uint8)

    def _view(self, yaw: float, pitch: float) -> npt.NDArray[np.float32]:
        left, right, across = _neighbours(YAWS, yaw)
        top, bottom, down = _neighbours(PITCHES, pitch)
        upper = cv2.addWeighted(self._views[left, top], 1 - across, self._views[right, top], across, 0)
        lower = cv2.addWeighted(self._views[left, bottom], 1 - across, self._views[right, bottom], across, 0)
        return np.asarray(cv2.addWeighted(upper, 1 - down, lower, down, 0), dtype=np.float32)


class Renderer:
    """Turns scenes into frames; figures are prepared once, when first asked for (about a second each).

    ``models`` holds ``face_landmark.tflite`` and the folder ``portraits``.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._hall = paint_hall() - np.uint8(_NOISE_SHIFT)
        self._noise = _sensor_noise()
        self._figures: dict[str, Figure] = {}
        self._prints: dict[str, Image] = {}

    def prepare(self, portrait: str) -> None:
        """Makes person and print of ``portrait`` ready.

        Raises ``PortraitUnusableError`` when the picture or the mesh model cannot be used, ``KeyError`` when nobody has
        this name.
        """
        if portrait in self._figures:
            return
        known = PORTRAITS[portrait]
        picture = load_portrait(known, self._models)
        mesh = self._models / "face_landmark.tflite"
        if not mesh.is_file():
            raise PortraitUnusableError(f"{mesh} is missing; install the face models first")
        cutout = cut_out(known, picture)
        landmarks = find_landmarks(cutout.colour, cutout.face, mesh)
        self._prints[portrait] = print_portrait(known, picture)
        self._figures[portrait] = Figure(cutout, landmarks)

    def frame(self, scene: Scene, number: int) -> Image:
        """Shape (480, 640, 3), BGR, not mirrored. ``number`` chooses the sensor's noise, so that no two frames in a row
        are equal."""
        return np.asarray(cv2.add(self._light(scene), self._noise[number % _NOISE_TILES]), dtype=np.uint8)

    def _light(self, scene: Scene) -> Image:
        match scene.subject:
            case Subject.NOBODY:
                return self._hall
            case Subject.PERSON:
                return self._figures[scene.portrait].draw(scene.pose, self._hall)
            case Subject.PHOTO:
                return show_print(self._prints[scene.portrait], scene.pose, self._hall)
            case _:
                assert_never(scene.subject)


def _frame_to_view(pose: Pose) -> npt.NDArray[np.float64]:
    """Frame pixel to point of a view, for a body that sways, leans and comes nearer."""
    turned = np.asarray(cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT), pose.roll, 1 / pose.scale), dtype=np.float64)
    turn = turned[:, :2]
    shift = turned[:, 2] + MARGIN - turn @ np.array([pose.dx, pose.dy])
    return np.column_stack([turn / COARSE, (shift + 0.5) / COARSE - 0.5])


def _neighbours(known: tuple[int, ...], asked: float) -> tuple[int, int, float]:
    asked = min(max(asked, known[0]), known[-1])
    low, high = next((low, high) for low, high in pairwise(known) if asked <= high)
    return low, high, (asked - low) / (high - low)


def _sensor_noise() -> list[Image]:
    """Grain around ``_NOISE_SHIFT``, by which the hall is darkened beforehand."""
    random = np.random.default_rng(7)
    grain = [random.normal(_NOISE_SHIFT, 1.3, (HEIGHT, WIDTH, 3)) for _ in range(_NOISE_TILES)]
    return [np.clip(np.rint(one), 0, 255).astype(np.uint8) for one in grain]
