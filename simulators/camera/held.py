"""Where a flat thing in a hand is seen: it turns as a whole."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.head import FOCAL
from simulators.camera.pose import Pose

Corners = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]


def seen_corners(size: tuple[int, int], centre: tuple[float, float], pose: Pose) -> Corners:
    """Left upper, right upper, right lower and left lower corner in the frame, shape (4, 2).

    ``size`` is width and height in pixels of the frame when nothing is turned, ``centre`` its middle then.
    """
    across, down = size
    flat = np.array([[-across, -down], [across, -down], [across, down], [-across, down]]) / 2
    return np.asarray(seen_points(flat, centre, pose), dtype=np.float32)


def seen_points(flat: Points, centre: tuple[float, float], pose: Pose) -> Points:
    """Where points of the thing are in the frame, shape (n, 2); ``flat`` (n, 2) in pixels from its middle."""
    turned = np.hstack([flat, np.zeros((len(flat), 1))]) @ turning(pose).T
    nearer = pose.scale * FOCAL / (FOCAL + turned[:, 2:])
    return np.asarray(turned[:, :2] * nearer + centre + [pose.dx, pose.dy])


def turning(pose: Pose) -> Points:
    """The matrix (3, 3) that turns a thing's right, down and away: rolled first, then pitched, then turned aside."""
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    rolled = np.array([[np.cos(roll), -np.sin(roll), 0.0], [np.sin(roll), np.cos(roll), 0.0], [0.0, 0.0, 1.0]])
    pitched = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(pitch), -np.sin(pitch)], [0.0, np.sin(pitch), np.cos(pitch)]])
    aside = np.array([[np.cos(yaw), 0.0, -np.sin(yaw)], [0.0, 1.0, 0.0], [np.sin(yaw), 0.0, np.cos(yaw)]])
    return np.asarray(aside @ pitched @ rolled)


def to_frame(picture: tuple[int, int], seen: Corners) -> npt.NDArray[np.float64]:
    """The homography that brings a picture of this width and height to its corners in the frame."""
    across, down = picture
    corners = np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, seen), dtype=np.float64)
