"""A straight frame about the face: the edge of a print, the bezel of a screen.

Long straight lines are looked for in a small grey picture, on the four sides of the face and up to 2.5 face widths
away; of the quadrilaterals they make, the one counts that runs along edges for most of its outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from devices.face_analyser.embedded.detector import Image
from kiosk.domain.face import Landmarks

_WIDTH = 320
"""Pixels across of the small picture."""

_REACH = 2.5
_MOST_SLOPE = 0.36
"""A sheet or phone in the hand leans up to 20 degrees."""

_MOST_BESIDE_PARALLEL = 0.14
_SHORTEST = 0.35
"""The least length of a line, in face widths, by which it is noticed at all."""

_CANDIDATES = 3
_SAMPLES = 32
_STEEP = 24.0
"""Change of grey over two pixels across an edge."""

Plane = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Line:
    """``at + slope * t``: the place across the line's own direction, ``t`` pixels along from the face's middle.
    ``length`` is how much of it was seen."""

    at: float
    slope: float
    length: float


def bezel_share(image: Image, landmarks: Landmarks) -> float:
    """0 to 1: the part of the best frame's outline that edges run along; what lies outside the picture does not."""
    scale = _WIDTH / image.shape[1]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    flat = landmarks[:, :2].astype(np.float64) * scale
    share = _share(grey, flat.min(axis=0), flat.max(axis=0))
    small[:] = 0
    grey[:] = 0
    return share


def _share(grey: Image, low: Points, high: Points) -> float:
    middle, width = (low + high) / 2, float(high[0] - low[0])
    edges = cv2.Canny(grey, 40, 100)
    found = cv2.HoughLinesP(edges, 1, np.pi / 180, 20, minLineLength=_SHORTEST * width, maxLineGap=3)
    edges[:] = 0
    if found is None:
        return 0.0
    ends = found.reshape(-1, 2, 2).astype(np.float64) - middle
    borders = np.array([[-1, -1], [grey.shape[1], grey.shape[0]]]) - middle
    across = _lines(ends, (low[1] - middle[1], high[1] - middle[1]), borders[:, 1], width)
    upright = _lines(ends[:, :, ::-1], (low[0] - middle[0], high[0] - middle[0]), borders[:, 0], width)
    frames = [
        (top, bottom, left, right)
        for (top, bottom), (left, right) in product(_pairs(*across), _pairs(*upright))
        if abs(top.slope + bottom.slope + left.slope + right.slope) <= 4 * _MOST_BESIDE_PARALLEL
    ]
    if not frames:
        return 0.0
    steep_x, steep_y = _steepness(grey)
    return max(_covered(steep_x, steep_y, frame, middle) for frame in frames)


def _lines(ends: Points, face: tuple[float, float], borders: Points, width: float) -> tuple[list[_Line], list[_Line]]:
    """The longest lines above and below (or left and right of) the face among ``ends`` (n, 2, 2), which are along and
    across, from its middle; a side without one may lie beyond the picture's border."""
    low, high = face
    sides: tuple[list[_Line], list[_Line]] = ([], [])
    for (x, y), (far_x, far_y) in ends:
        run = far_x - x
        if abs(far_y - y) > _MOST_SLOPE * abs(run):
            continue
        slope = (far_y - y) / run
        line = _Line(y - slope * x, slope, abs(run))
        if low - _REACH * width <= line.at < low:
            sides[0].append(line)
        elif high < line.at <= high + _REACH * width:
            sides[1].append(line)
    before, behind = (
        _longest(side) or [_Line(float(border), 0.0, 0.0)] for side, border in zip(sides, borders, strict=True)
    )
    return before, behind


def _longest(lines: list[_Line]) -> list[_Line]:
    chosen: list[_Line] = []
    for line in sorted(lines, key=lambda line: -line.length):
        if all(abs(line.at - other.at) > 2 or abs(line.slope - other.slope) > 0.03 for other in chosen):
            chosen.append(line)
    return chosen[:_CANDIDATES]


def _pairs(before: list[_Line], behind: list[_Line]) -> list[tuple[_Line, _Line]]:
    pairs = product(before, behind)
    return [pair for pair in pairs if abs(pair[0].slope - pair[1].slope) <= _MOST_BESIDE_PARALLEL]


def _steepness(grey: Image) -> tuple[Plane, Plane]:
    """Largest change of grey across and down within a pixel."""
    around = np.ones((3, 3), np.uint8)
    x, y = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.25)
    steep = cv2.dilate(np.abs(x), around), cv2.dilate(np.abs(y), around)
    x[:] = 0
    y[:] = 0
    return np.asarray(steep[0], np.float32), np.asarray(steep[1], np.float32)


def _covered(steep_x: Plane, steep_y: Plane, frame: tuple[_Line, _Line, _Line, _Line], middle: Points) -> float:
    top, bottom, left, right = frame
    corners = [_meeting(*pair) + middle for pair in ((top, left), (top, right), (bottom, right), (bottom, left))]
    sides = zip(corners, [*corners[1:], corners[0]], (steep_y, steep_x, steep_y, steep_x), strict=True)
    return float(np.mean([_along(steep, one, other) for one, other, steep in sides]))


def _meeting(across: _Line, upright: _Line) -> Points:
    """y = across.at + across.slope * x and x = upright.at + upright.slope * y."""
    x = (upright.at + upright.slope * across.at) / (1 - upright.slope * across.slope)
    return np.array([x, across.at + across.slope * x])


def _along(steep: Plane, one: Points, other: Points) -> float:
    places = np.rint(one + np.linspace(0.02, 0.98, _SAMPLES)[:, None] * (other - one)).astype(int)
    inside = ((places >= 0) & (places < (steep.shape[1], steep.shape[0]))).all(axis=1)
    x, y = places[inside].T
    return float((steep[y, x] >= _STEEP).sum()) / _SAMPLES
