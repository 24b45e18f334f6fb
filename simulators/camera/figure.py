"""A living person as a layer before whatever is behind: any pose, any height of the lids, with glasses or without."""

from collections import OrderedDict
from itertools import pairwise, product
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.cutout import HEIGHT, MARGIN, WIDTH, Cutout
from simulators.camera.glasses import put_on_glasses
from simulators.camera.head import COARSE, Points, Relief, build_relief, project, view
from simulators.camera.lids import lower_lids
from simulators.camera.pose import Pose
from simulators.portraits import Image

YAWS: Final = tuple(range(-30, 31, 3))
PITCHES: Final = tuple(range(-18, 22, 3))
"""Angles of which there are views; a pose between them is blended from its four neighbours."""

USUAL: Final = {*product(YAWS, (-3, 0, 3)), *product((-3, 0, 3), range(-3, 22, 3))}
"""Those of turns and nods."""

MOST_VIEWS: Final = 128
"""Kept of one person, three quarters of a megabyte each."""

LID_STEPS: Final = 9
"""Pictures of the eyes from open to closed."""

_NEARNESS_KEEPS = (WIDTH / 2, 340.0)
"""Point of the frame that stays where it is when somebody comes nearer: the chin of who looks into the camera."""

_SIZE = (WIDTH, HEIGHT)


class Figure:
    def __init__(self, cutout: Cutout, landmarks: Points) -> None:
        self._cutout = cutout
        self._landmarks = landmarks
        self._relief = build_relief(cutout, landmarks)
        self._views = _Views(self._relief)
        self._textures = {False: self._painted(False)}

    def look_ahead(self) -> None:
        """Prepares the usual views, about 10 ms each, so that none costs a frame its time."""
        for yaw, pitch in sorted(USUAL):
            self._views.of(yaw, pitch)

    def layer(self, pose: Pose, lids: float, glasses: bool) -> Image:
        """Shape (480, 640, 4), BGR multiplied by the cover, and the cover; ``lids`` from 0, open, to 1, closed."""
        if glasses not in self._textures:
            self._textures[glasses] = self._painted(glasses)
        way = _frame_to_view(pose)
        across, down = (
            cv2.warpAffine(
                half, way, _SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
            )
            for half in np.vsplit(self._views.between(pose.yaw, pose.pitch), 2)
        )
        texture = self._textures[glasses][round(lids * (LID_STEPS - 1))]
        layer = cv2.remap(texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(layer, dtype=np.uint8)

    def places(self, pose: Pose) -> Points:
        """Where the 468 landmarks are in the frame, shape (468, 2)."""
        canvas, _ = project(self._relief, np.radians(pose.yaw), np.radians(pose.pitch))
        way = _frame_to_canvas(pose)
        return np.asarray((canvas[: len(self._landmarks)] - way[:, 2]) @ np.linalg.inv(way[:, :2]).T)

    def _painted(self, glasses: bool) -> list[Image]:
        """The textures by height of the lids."""
        colour, alpha = self._cutout.colour, self._cutout.alpha
        cover = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
        textures = []
        for share in np.linspace(0.0, 1.0, LID_STEPS):
            face = lower_lids(colour, self._landmarks, float(share)) if share else colour
            worn = put_on_glasses(face, self._landmarks) if glasses else face
            covered = cv2.multiply(worn, cover, scale=1 / 255)
            textures.append(np.asarray(cv2.merge([*cv2.split(covered), alpha]), dtype=np.uint8))
        return textures


def lay(layer: Image, backdrop: Image) -> Image:
    """``backdrop`` (480, 640, 3) with the layer before it."""
    around = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(layer, 3)), cv2.COLOR_GRAY2BGR)
    seen = cv2.add(cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), cv2.multiply(backdrop, around, scale=1 / 255))
    return np.asarray(seen, dtype=np.uint8)


class _Views:
    """Views of a relief, made when first looked at; the one not looked at for longest goes when there are too many."""

    def __init__(self, relief: Relief) -> None:
        self._relief = relief
        self._kept: OrderedDict[tuple[int, int], npt.NDArray[np.float32]] = OrderedDict()

    def of(self, yaw: int, pitch: int) -> npt.NDArray[np.float32]:
        """Both planes of ``view``, the second below the first."""
        angles = (yaw, pitch)
        if angles not in self._kept:
            self._kept[angles] = np.vstack(view(self._relief, yaw, pitch))
            if len(self._kept) > MOST_VIEWS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(angles)
        return self._kept[angles]

    def between(self, yaw: float, pitch: float) -> npt.NDArray[np.float32]:
        left, right, across = _neighbours(YAWS, yaw)
        top, bottom, down = _neighbours(PITCHES, pitch)
        upper = cv2.addWeighted(self.of(left, top), 1 - across, self.of(right, top), across, 0)
        lower = cv2.addWeighted(self.of(left, bottom), 1 - across, self.of(right, bottom), across, 0)
        return np.asarray(cv2.addWeighted(upper, 1 - down, lower, down, 0), dtype=np.float32)


def _frame_to_canvas(pose: Pose) -> Points:
    """Frame pixel to canvas pixel, for a body that sways, leans and comes nearer."""
    leaning = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT), pose.roll, 1.0), [0.0, 0.0, 1.0]])
    nearing = np.vstack([cv2.getRotationMatrix2D(_NEARNESS_KEEPS, 0.0, 1 / pose.scale), [0.0, 0.0, 1.0]])
    turned = leaning @ nearing
    turn = turned[:2, :2]
    shift = turned[:2, 2] + MARGIN - turn @ np.array([pose.dx, pose.dy])
    return np.column_stack([turn, shift])


def _frame_to_view(pose: Pose) -> Points:
    """Frame pixel to point of a view."""
    way = _frame_to_canvas(pose)
    return np.column_stack([way[:, :2] / COARSE, (way[:, 2] + 0.5) / COARSE - 0.5])


def _neighbours(known: tuple[int, ...], asked: float) -> tuple[int, int, float]:
    asked = min(max(asked, known[0]), known[-1])
    low, high = next((low, high) for low, high in pairwise(known) if asked <= high)
    return low, high, (asked - low) / (high - low)
