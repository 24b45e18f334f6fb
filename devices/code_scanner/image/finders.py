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
_SHORTEST_OUTLINE = 20
_LIKE_RINGS, _VERY_LIKE_RINGS = 0.45, 0.7
_FINE = 21
"""Pixels across a finder, as it is compared with what it should be."""

_DISTANCE = np.maximum(*np.abs(np.mgrid[-10:11, -10:11]))
_RINGS = np.where((_DISTANCE >= 5) & (_DISTANCE <= 7), 33.0, -16.0).ravel() / (2 * 16 * 33 * _FINE**2 / 49)
_SPECKLED = 0.055
"""Changes from pixel to pixel along a row; a code as large as the frame has fewer where its modules are 2 pixels."""


@dataclass(frozen=True, slots=True)
class Finder:
    """``corners`` are the outer ones in picture pixels, in order around it, shape (4, 2); ``size`` its side."""

    corners: Points = field(repr=False)
    middle: Points = field(init=False, repr=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "middle", np.asarray(self.corners.mean(0), np.float32))
        object.__setattr__(self, "size", float(np.sqrt(cv2.contourArea(self.corners))))


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


def find(split: npt.NDArray[np.uint8], eager: bool = False) -> list[Finder]:
    """In a picture of 0 and 255, those with all three outlines first. Where these are one or two, also those as large
    whose outermost outline runs on into something else, since blur makes modules touch it; where there are none, only
    when ``eager``."""
    outlines, tree = cv2.findContours(split, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    if tree is None:
        return []
    inner = tree[0][:, 2]
    innermost = np.where(inner >= 0, inner[inner], -1)
    lengths = np.array([len(outline) for outline in outlines])
    found: list[Finder] = []
    for at in np.flatnonzero((innermost >= 0) & (lengths >= _SHORTEST_OUTLINE)).tolist():
        finder = _nested(*(np.asarray(outlines[one], np.int32) for one in (at, inner[at], innermost[at])))
        if finder is not None and _likeness(split, finder) > _LIKE_RINGS:
            _add(found, finder)
    if len(found) >= 3 or not (found or eager):
        return found
    usual = found[0].size if found else None
    for at in np.flatnonzero((inner >= 0) & (innermost < 0) & (lengths >= _SHORTEST_OUTLINE)).tolist():
        finder = _open(*(np.asarray(outlines[one], np.int32) for one in (at, inner[at])))
        if finder is None or (usual is not None and not 0.6 < finder.size / usual < 1.6):
            continue
        if _likeness(split, finder) > (_VERY_LIKE_RINGS if usual is None else _LIKE_RINGS):
            _add(found, finder)
    return found


def _add(found: list[Finder], finder: Finder) -> None:
    if not any(_same(finder, other) for other in found):
        found.append(finder)


def _nested(outer: npt.NDArray[np.int32], middle: npt.NDArray[np.int32], core: npt.NDArray[np.int32]) -> Finder | None:
    area = cv2.contourArea(outer)
    if area < _SMALLEST_AREA:
        return None
    hole, dot = cv2.contourArea(middle) / area, cv2.contourArea(core) / area
    if not (0.2 < hole < 0.85 and 0.04 < dot < 0.45 and dot < 0.75 * hole):
        return None
    return _around(outer, area, core)


def _open(middle: npt.NDArray[np.int32], core: npt.NDArray[np.int32]) -> Finder | None:
    area = cv2.contourArea(middle)
    if area < _SMALLEST_AREA / 2 or not 0.15 < cv2.contourArea(core) / area < 0.55:
        return None
    inside = _around(middle, area, core)
    return inside and Finder(inside.middle + (inside.corners - inside.middle) * np.float32(7 / 5))


def _around(outline: npt.NDArray[np.int32], area: float, core: npt.NDArray[np.int32]) -> Finder | None:
    """The square of this outline, if it is one with ``core`` in its middle."""
    corners = _corners(outline)
    off = np.linalg.norm(core.reshape(-1, 2).mean(0) - corners.mean(0))
    return Finder(corners) if _square(corners, area) and off < 0.2 * np.sqrt(area) else None


def _square(corners: Points, area: float) -> bool:
    """Whether an outline around ``area`` with these corners can be a square seen from anywhere."""
    square = abs(cv2.contourArea(corners))
    sides = np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1)
    return bool(
        square >= 1
        and 0.75 < area / square < 1.3
        and cv2.isContourConvex(corners)
        and sides.min() >= 0.25 * sides.max()
    )


def _likeness(split: npt.NDArray[np.uint8], finder: Finder) -> float:
    """Of the 7 x 7 modules between the corners to those of a finder, dark on light or light on dark; 1 at most."""
    square = np.array([[0, 0], [_FINE, 0], [_FINE, _FINE], [0, _FINE]], np.float32)
    seen = cv2.warpPerspective(split, cv2.getPerspectiveTransform(finder.corners, square), (_FINE, _FINE))
    return abs(float((seen.astype(np.float32) / 127.5 - 1).ravel() @ _RINGS))


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
