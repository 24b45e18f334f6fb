"""A paper print of the person, held before the camera: flat, so it turns as a whole."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.head import FOCAL
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
    down, across = sheet.shape[:2]
    corners = np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float32)
    seen = _project(corners - np.array([across / 2, down / 2]), pose).astype(np.float32)
    placed = cv2.getPerspectiveTransform(corners, seen)
    frame = backdrop.copy()
    shadow = np.rint((seen + np.array([7, 9])) * 16).astype(np.int32)
    cv2.fillConvexPoly(frame, shadow, (128, 134, 138), cv2.LINE_AA, 4)
    cv2.warpPerspective(
        sheet, placed, (WIDTH, HEIGHT), dst=frame, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    return frame


def _project(flat: npt.NDArray[np.float64], pose: Pose) -> npt.NDArray[np.float64]:
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    x, y = flat[:, 0] * np.cos(roll) - flat[:, 1] * np.sin(roll), flat[:, 0] * np.sin(roll) + flat[:, 1] * np.cos(roll)
    y, z = y * np.cos(pitch), y * np.sin(pitch)
    x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    nearer = pose.scale * FOCAL / (FOCAL + z)
    return np.stack([x * nearer + _CENTRE[0] + pose.dx, y * nearer + _CENTRE[1] + pose.dy], axis=1)
