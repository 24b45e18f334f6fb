"""A paper print of the person, held before the camera: flat, so it turns as a whole."""

import cv2
import numpy as np

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.held import seen_corners, to_frame
from simulators.camera.pose import Pose
from simulators.portraits import Image, Portrait

_FACE_WIDTH = 190.0
_SHEET = (330, 412)
_BORDER = 14
_PAPER = (236, 240, 242)
_CENTRE = (WIDTH / 2, HEIGHT / 2 + 5)


def print_portrait(portrait: Portrait, picture: Image) -> Image:
    """The sheet, shape (412, 330, 3), BGR: head and shoulders in a white border, a little paler than the original."""
    scale = _FACE_WIDTH / portrait.face.width
    across, down = _SHEET
    top = down * 0.5 - scale * portrait.face.centre[1]
    to_sheet = np.array([[scale, 0.0, across / 2 - scale * portrait.face.centre[0]], [0.0, scale, top]])
    inked = cv2.warpAffine(picture, to_sheet, _SHEET, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    sheet = cv2.convertScaleAbs(inked, alpha=0.9, beta=16)
    cv2.rectangle(sheet, (0, 0), (across - 1, down - 1), _PAPER, 2 * _BORDER)
    return np.asarray(sheet, dtype=np.uint8)


def show_print(sheet: Image, pose: Pose, backdrop: Image) -> Image:
    """The frame with the sheet turned in space as ``pose`` tells."""
    seen = seen_corners(_SHEET, _CENTRE, pose)
    frame = backdrop.copy()
    shadow = np.rint((seen + np.array([7, 9])) * 16).astype(np.int32)
    cv2.fillConvexPoly(frame, shadow, (128, 134, 138), cv2.LINE_AA, 4)
    cv2.warpPerspective(
        sheet,
        to_frame(_SHEET, seen),
        (WIDTH, HEIGHT),
        dst=frame,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return frame
