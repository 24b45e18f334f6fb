"""A sheet bent over a cylinder, so that it has depth without being a head."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.hand import Picture
from simulators.camera.head import FOCAL
from simulators.camera.held import turning
from simulators.camera.pose import Pose
from simulators.camera.print_out import CENTRE, FACE_WIDTH, WHOLE

LEAST_HALF_ANGLE, MOST_HALF_ANGLE = 15.0, 70.0

_BENT_ACROSS = 1.25 * FACE_WIDTH
"""The part of the sheet that spans the half-angle to both sides; the rest goes on around the cylinder."""

_COARSE = 2
_SHADING = 0.35
_EDGE = 2.0
"""Pixels over which the outline of the cylinder is soft."""

_SIZE = (WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Bend:
    """``half_angle`` and ``axis`` in degrees; an axis of 0 stands upright, 90 lies across."""

    half_angle: float
    axis: float = 0.0

    @property
    def radius(self) -> float:
        """Of the cylinder, in pixels of the sheet."""
        return _BENT_ACROSS / 2 / math.radians(self.half_angle)


def shaded(picture: Picture, bend: Bend) -> Picture:
    """The sheet as it is lit from the front once it is bent: less where it curves away. Shape as ``picture``."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float64)
    along = math.radians(bend.axis)
    across = (x - picture.shape[1] / 2) * math.cos(along) + (y - picture.shape[0] / 2) * math.sin(along)
    light = 1 - _SHADING * (1 - np.cos(np.clip(across / bend.radius, -math.pi / 2, math.pi / 2)))
    lit = picture.copy()
    lit[:, :, :3] = np.rint(picture[:, :, :3] * light[:, :, None])
    return lit


def bent_layer(picture: Picture, bend: Bend, pose: Pose) -> Picture:
    """``picture`` as large as ``WHOLE`` on its cylinder, turned in space as ``pose`` tells; shape (480, 640, 4).

    Each pixel's ray is met with the cylinder's near side, whose foremost line goes through the middle of the sheet.
    """
    x, y = np.meshgrid(
        (np.arange(WIDTH // _COARSE, dtype=np.float32) + 0.5) * _COARSE - 0.5 - CENTRE[0] - pose.dx,
        (np.arange(HEIGHT // _COARSE, dtype=np.float32) + 0.5) * _COARSE - 0.5 - CENTRE[1] - pose.dy,
    )
    x, y = x / pose.scale, y / pose.scale
    to_cylinder = (turning(pose) @ turning(Pose(roll=bend.axis))).T.astype(np.float32)
    start = [row[0] * x + row[1] * y for row in to_cylinder]
    way = [row[0] * x / FOCAL + row[1] * y / FOCAL + row[2] for row in to_cylinder]
    radius = np.float32(bend.radius)
    square = way[0] ** 2 + way[2] ** 2
    half = start[0] * way[0] + (start[2] - radius) * way[2]
    rest = half**2 - square * (start[0] ** 2 + start[2] ** 2 - 2 * radius * start[2])
    met = (-half - np.sqrt(np.maximum(rest, 0))) / square
    across = radius * np.arctan2(start[0] + met * way[0], radius - start[2] - met * way[2])
    down = start[1] + met * way[1]
    cos, sin = math.cos(math.radians(bend.axis)), math.sin(math.radians(bend.axis))
    texture = (
        across * cos - down * sin + WHOLE[0] / 2 - 0.5,
        across * sin + down * cos + WHOLE[1] / 2 - 0.5,
    )
    planes = [cv2.resize(plane.astype(np.float32), _SIZE, interpolation=cv2.INTER_LINEAR) for plane in texture]
    layer = cv2.remap(picture, planes[0], planes[1], cv2.INTER_LINEAR)
    inside = rest / (2 * _EDGE * radius)
    if inside.min() < 1:
        cover = (255 * np.clip(inside, 0, 1)).astype(np.uint8)
        kept = cv2.resize(cover, _SIZE, interpolation=cv2.INTER_LINEAR)
        layer = cv2.multiply(layer, cv2.merge([kept] * 4), scale=1 / 255)
    return np.asarray(layer, dtype=np.uint8)
