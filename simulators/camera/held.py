"""Where a flat thing in a hand is seen: it turns as a whole."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.head import FOCAL
from simulators.camera.pose import Pose

Corners = npt.NDArray[np.float32]


def seen_corners(size: tuple[int, int], centre: tuple[float, float], pose: Pose) -> Corners:
    """Left upper, right upper, right lower and left lower corner in the frame, shape (4, 2).

    ``size`` is width and height in pixels of the frame when nothing is turned, ``centre`` its middle then.
    """
    across, down = size
    flat = np.array([[-across, -down], [across, -down], [across, down], [-across, down]]) / 2
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    x, y = flat[:, 0] * np.cos(roll) - flat[:, 1] * np.sin(roll), flat[:, 0] * np.sin(roll) + flat[:, 1] * np.cos(roll)
    y, z = y * np.cos(pitch), y * np.sin(pitch)
    x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    nearer = pose.scale * FOCAL / (FOCAL + z)
    seen = np.stack([x * nearer + centre[0] + pose.dx, y * nearer + centre[1] + pose.dy], axis=1)
    return np.asarray(seen, dtype=np.float32)


def to_frame(picture: tuple[int, int], seen: Corners) -> npt.NDArray[np.float64]:
    """The homography that brings a picture of this width and height to its corners in the frame."""
    across, down = picture
    corners = np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, seen), dtype=np.float64)
