"""Draws a scene as the camera's sensor delivers it."""

from itertools import pairwise, product
from pathlib import Path
from typing import Final, assert_never

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.backdrop import paint_hall
from simulators.camera.cutout import HEIGHT, MARGIN, WIDTH, Cutout, cut_out
from simulators.camera.head import COARSE, build_relief, find_landmarks, view
from simulators.camera.lids import lower_lids
from simulators.camera.light import under_light
from simulators.camera.phone import draw_phone, show_phone
from simulators.camera.pose import Pose
from simulators.camera.print_out import print_portrait, show_print
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, Image, PortraitUnusableError, load_portrait

YAWS: Final = tuple(range(-30, 31, 3))
PITCHES: Final = (-3, 0, 3)
NOD_YAWS: Final = (-3, 0, 3)
NOD_PITCHES: Final = (*PITCHES, *range(6, 22, 3))
"""Angles at which views are prepared: every yaw near the level, every pitch near the front. A pose between them is
blended from its four neighbours; nobody turns and nods at once."""

LID_STEPS: Final = 6
"""Pictures of the eyes from open to closed."""

_NEARNESS_KEEPS = (WIDTH / 2, 340.0)
"""Point of the frame that stays where it is when somebody comes nearer: the chin of who looks into the camera."""

_NOISE_TILES = 7
_NOISE_SHIFT = 4


class Figure:
    """One living person, ready to be drawn at any pose."""

    def __init__(self, cutout: Cutout, landmarks: npt.NDArray[np.float64]) -> None:
        cover = cv2.cvtColor(cutout.alpha, cv2.COLOR_GRAY2BGR)
        shares = np.linspace(0.0, 1.0, LID_STEPS)
        blinking = [cutout.colour, *(lower_lids(cutout.colour, landmarks, float(share)) for share in shares[1:])]
        covered = [cv2.multiply(colour, cover, scale=1 / 255) for colour in blinking]
        self._textures = [cv2.merge([*cv2.split(colour), cutout.alpha]) for colour in covered]
        relief = build_relief(cutout, landmarks)
        angles = {*product(YAWS, PITCHES), *product(NOD_YAWS, NOD_PITCHES)}
        self._views = {(yaw, pitch): np.vstack(view(relief, yaw, pitch)) for yaw, pitch in angles}

    def draw(self, pose: Pose, lids: float, backdrop: Image) -> Image:
        """``lids`` as in ``Scene``."""
        way, size = _frame_to_view(pose), (WIDTH, HEIGHT)
        across, down = (
            cv2.warpAffine(
                half, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
            )
            for half in np.vsplit(self._view(pose.yaw, pose.pitch), 2)
        )
        texture = self._textures[round(lids * (LID_STEPS - 1))]
        person = cv2.remap(texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        around = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(person, 3)), cv2.COLOR_GRAY2BGR)
        seen = cv2.add(cv2.cvtColor(person, cv2.COLOR_BGRA2BGR), cv2.multiply(backdrop, around, scale=1 / 255))
        return np.asarray(seen, dtype=np.uint8)

    def _view(self, yaw: float, pitch: float) -> npt.NDArray[np.float32]:
        level = pitch <= PITCHES[-1]
        left, right, across = _neighbours(YAWS if level else NOD_YAWS, yaw)
        top, bottom, down = _neighbours(PITCHES if level else NOD_PITCHES, pitch)
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
        lit = under_light(self._subject(scene), scene.light)
        if scene.phone:
            lit = show_phone(draw_phone(scene.phone.text, scene.light), scene.phone.pose, lit)
        return self.expose(lit, number)

    def expose(self, lit: Image, number: int) -> Image:
        """What the sensor makes of what the lens shows; ``number`` as of ``frame``."""
        return np.asarray(cv2.add(lit, self._noise[number % _NOISE_TILES]), dtype=np.uint8)

    def _subject(self, scene: Scene) -> Image:
        match scene.subject:
            case Subject.NOBODY:
                return self._hall
            case Subject.PERSON:
                return self._figures[scene.portrait].draw(scene.pose, scene.lids, self._around(scene))
            case Subject.PHOTO:
                return show_print(self._prints[scene.portrait], scene.pose, self._hall)
            case _:
                assert_never(scene.subject)

    def _around(self, scene: Scene) -> Image:
        """What is behind the person."""
        if scene.companion is None:
            return self._hall
        return self._figures[scene.companion.portrait].draw(scene.companion.pose, 0.0, self._hall)


def _frame_to_view(pose: Pose) -> npt.NDArray[np.float64]:
    """Frame pixel to point of a view, for a body that sways, leans and comes nearer."""
    leaning = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT), pose.roll, 1.0), [0.0, 0.0, 1.0]])
    nearing = np.vstack([cv2.getRotationMatrix2D(_NEARNESS_KEEPS, 0.0, 1 / pose.scale), [0.0, 0.0, 1.0]])
    turned = leaning @ nearing
    turn = turned[:2, :2]
    shift = turned[:2, 2] + MARGIN - turn @ np.array([pose.dx, pose.dy])
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
