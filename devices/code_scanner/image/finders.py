"""Finds the nested squares in a QR Code's corners (finder patterns), each with its four corners.

A finder is three outlines one in another whose areas are as 49 to 25 to 9 (ISO/IEC 18004, 6.3.3): this survives blur
and raster, which bend the ratios along a line, and tells light symbols on dark as well.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]

_SMALLEST_AREA = 60.0
_LIKE_RINGS = 0.2
_FINE = 21
"""Pixels across a finder, as it is compared with what it should be."""

_RINGS = np.where((np.maximum(*np.abs(np.mgrid[-10:11, -10:11])) + 1) // 3 == 2, 33 / 49, -16 / 49).ravel() / _FINE**2
_SPECKLED = 0.065
"""Changes from pixel to pixel along a row; a code as large as the frame has fewer where its modules are 2 pixels."""


@dataclass(frozen=True, slots=True)
class Finder:
    """``corners`` are the outer ones in picture pixels, clockwise, shape (4, 2)."""

    corners: Points = field(repr=False)

    @property
    def middle(self) -> Points:
        return np.asarray(self.corners.mean(0), np.float32)

    @property
    def size(self) -> float:
        """Side in pixels."""
        return float(np.sqrt(cv2.contourArea(self.corners)))


def darkness(grey: npt.NDArray[np.uint8], softness: float, block: int) -> npt.NDArray[np.uint8]:
    """How far each pixel, made soft by ``softness`` pixels, is below the mean of the ``block`` pixels around it."""
    soft = cv2.GaussianBlur(grey, (0, 0), softness) if softness else grey
    return np.asarray(cv2.subtract(cv2.blur(soft, (block, block)), soft), np.uint8)


def split(darkness: npt.NDArray[np.uint8], below: int) -> npt.NDArray[np.uint8]:
    """0 where it is more than ``below``, 255 elsewhere."""
    return np.asarray(cv2.threshold(darkness, below, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)


def speckled(split: npt.NDArray[np.uint8]) -> bool:
    """Whether it is so noisy all over that outlines would be without number."""
    rows = split[::4]
    return bool(np.count_nonzero(rows[:, 1:] != rows[:, :-1]) > _SPECKLED * rows.size)


def find(split: npt.NDArray[np.uint8]) -> list[Finder]:
    """In a picture of 0 and 255."""
    outlines, tree = cv2.findContours(split, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    if tree is None:
        return []
    inner = tree[0][:, 2]
    innermost = np.where(inner >= 0, inner[inner], -1)
    long_enough = np.array([len(outline) for outline in outlines]) >= 24
    found: list[Finder] = []
    for at in np.flatnonzero((innermost >= 0) & long_enough).tolist():
        finder = _nested(*(np.asarray(outlines[one], np.int32) for one in (at, inner[at], innermost[at])))
        if finder is not None and _ringed(split, finder) and not any(_same(finder, other) for other in found):
            found.append(finder)
    return found


def _nested(outer: npt.NDArray[np.int32], middle: npt.NDArray[np.int32], core: npt.NDArray[np.int32]) -> Finder | None:
    area = cv2.contourArea(outer)
    if area < _SMALLEST_AREA:
        return None
    hole, dot = cv2.contourArea(middle) / area, cv2.contourArea(core) / area
    if not (0.2 < hole < 0.85 and 0.04 < dot < 0.45 and dot < 0.75 * hole):
        return None
    corners = _corners(outer)
    square = abs(cv2.contourArea(corners))
    if square < 1 or not 0.75 < area / square < 1.3 or not cv2.isContourConvex(corners):
        return None
    sides = np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1)
    if sides.min() < 0.25 * sides.max():
        return None
    off = np.linalg.norm(core.reshape(-1, 2).mean(0) - corners.mean(0))
    return Finder(corners) if off < 0.2 * np.sqrt(area) else None


def _ringed(split: npt.NDArray[np.uint8], finder: Finder) -> bool:
    """Whether the 7 x 7 modules between the corners are those of a finder, dark on light or light on dark."""
    square = np.array([[0, 0], [_FINE, 0], [_FINE, _FINE], [0, _FINE]], np.float32)
    seen = cv2.warpPerspective(split, cv2.getPerspectiveTransform(finder.corners, square), (_FINE, _FINE))
    return abs(float((seen.astype(np.float32) / 127.5 - 1).ravel() @ _RINGS)) > _LIKE_RINGS


def _corners(outline: npt.NDArray[np.int32]) -> Points:
    """Of the quadrilateral an outline nearly is: the two points farthest apart, and the farthest to each side."""
    points = outline.reshape(-1, 2).astype(np.float32)
    first = points[np.argmax(((points - points.mean(0)) ** 2).sum(1))]
    third = points[np.argmax(((points - first) ** 2).sum(1))]
    way = third - first
    side = (points - first) @ np.array([-way[1], way[0]], np.float32)
    return np.array([first, points[np.argmin(side)], third, points[np.argmax(side)]], np.float32)


def _same(one: Finder, other: Finder) -> bool:
    return float(np.abs(one.middle - other.middle).max()) < 0.3 * other.size
