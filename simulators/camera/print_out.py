"""A paper print of the person in a hand: head and shoulders in a white border."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.band import Band, paper_in_infrared
from simulators.camera.cutout import HEIGHT, WIDTH, Cutout
from simulators.camera.figure import lay
from simulators.camera.hand import Picture, paint_finger
from simulators.camera.held import seen_corners, seen_points, to_frame
from simulators.camera.lids import lower_lids
from simulators.camera.pose import Pose
from simulators.portraits import Image, Portrait

Points = npt.NDArray[np.float64]

FACE_WIDTH = 190.0
SHEET = (330, 412)
"""Width and height in pixels of the frame at the usual distance."""

CENTRE = (WIDTH / 2, HEIGHT / 2 + 5)
"""Where the middle of the sheet is in the frame."""

ROOM = 40
"""Around the sheet, for the fingers."""

WHOLE = (SHEET[0] + 2 * ROOM, SHEET[1] + 2 * ROOM)

_BORDER = 14
_PAPER = (236, 240, 242)
_SHADE = 0.3


@dataclass(frozen=True)
class Sheet:
    """``picture`` (492, 410, 4) is paper and fingers; ``closed`` (412, 330, 3) the same print with the eyes closed,
    without border or fingers; ``landmarks`` (468, 2) are pixels from the middle."""

    picture: Picture
    closed: Image
    landmarks: Points

    @cached_property
    def in_infrared(self) -> Picture:
        return paper_in_infrared(self.picture)

    def seen_in(self, band: Band) -> Picture:
        return self.picture if band is Band.VISIBLE else self.in_infrared

    def places(self, pose: Pose) -> Points:
        """Where the landmarks are in the frame, shape (468, 2)."""
        return seen_points(self.landmarks, CENTRE, pose)


def print_portrait(portrait: Portrait, picture: Image, cutout: Cutout, landmarks: Points) -> Sheet:
    """A little paler than ``picture``; ``landmarks`` (468, 3) are those of ``cutout``."""
    across, down = SHEET
    scale = FACE_WIDTH / portrait.face.width
    corner = np.array([across / 2, down / 2]) - scale * np.array(portrait.face.centre)
    to_sheet = np.array([[scale, 0.0, corner[0]], [0.0, scale, corner[1]]])
    inked = np.asarray(
        cv2.warpAffine(picture, to_sheet, SHEET, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
    )
    face = (landmarks[:, :2] - cutout.face.centre) * (FACE_WIDTH / cutout.face.width)
    closed = lower_lids(inked, np.hstack([face + np.array(SHEET) / 2, landmarks[:, 2:]]), 1.0)
    return Sheet(_held(_printed(inked)), _printed(closed), face)


def flat_layer(picture: Picture, pose: Pose) -> Picture:
    """``picture`` as large as ``WHOLE``, turned in space as ``pose`` tells; shape (480, 640, 4)."""
    way = to_frame(WHOLE, seen_corners(WHOLE, CENTRE, pose))
    return np.asarray(cv2.warpPerspective(picture, way, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR), dtype=np.uint8)


def lay_paper(layer: Picture, backdrop: Image) -> Image:
    """``backdrop`` with the sheet before it and the sheet's shadow on it."""
    small = cv2.resize(cv2.extractChannel(layer, 3), (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA)
    shade = cv2.GaussianBlur(np.roll(small, (2, 2), axis=(0, 1)), (0, 0), 2.0)
    light = cv2.cvtColor(cv2.convertScaleAbs(shade, alpha=_SHADE), cv2.COLOR_GRAY2BGR)
    dimmed = cv2.bitwise_not(cv2.resize(light, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR))
    return lay(layer, np.asarray(cv2.multiply(backdrop, dimmed, scale=1 / 255), dtype=np.uint8))


def _printed(inked: Image) -> Image:
    return np.asarray(cv2.convertScaleAbs(inked, alpha=0.9, beta=16), dtype=np.uint8)


def _held(printed: Image) -> Picture:
    across, down = SHEET
    bordered = printed.copy()
    cv2.rectangle(bordered, (0, 0), (across - 1, down - 1), _PAPER, 2 * _BORDER)
    opaque = cv2.merge([*cv2.split(bordered), np.full((down, across), 255, np.uint8)])
    picture = np.asarray(cv2.copyMakeBorder(opaque, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT), dtype=np.uint8)
    right, bottom = ROOM + across, ROOM + down
    paint_finger(picture, 1, (right + 50, bottom - 20), (right - 22, bottom - 62), 18)
    return picture
