"""Glasses drawn on the citizen's face: two rims, a bridge, the arms to the ears and the light on the lenses."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.portraits import Image

Points = npt.NDArray[np.float64]

# Corners of the eye and the point of the outline beside it in MediaPipe's mesh, on the picture's left and right.
_SIDES = ((33, 133, 127), (263, 362, 356))
_LENS = (0.36, 0.28)
"""Half width and half height in eye distances."""

_BELOW_EYE = 0.05
_RIM = np.array([38.0, 40.0, 52.0])
_GLARE = 0.22
_SUBPIXELS = 16


def put_on_glasses(colour: Image, landmarks: Points) -> Image:
    """``colour`` (H, W, 3) with glasses over the eyes; ``landmarks`` (468, 3) in its pixels."""
    eyes = [landmarks[[outer, inner], :2].mean(axis=0) for outer, inner, _ in _SIDES]
    across = eyes[1] - eyes[0]
    apart = float(np.hypot(*across))
    angle = float(np.degrees(np.arctan2(across[1], across[0])))
    down = np.array([-across[1], across[0]]) / apart
    rims, glare = np.zeros(colour.shape[:2], np.uint8), np.zeros(colour.shape[:2], np.uint8)
    edges = []
    for (_, _, temple), eye, side in zip(_SIDES, eyes, (-1, 1), strict=True):
        centre = eye + down * _BELOW_EYE * apart
        _ellipse(rims, centre, np.array(_LENS) * apart, angle, 255, max(2, round(0.028 * apart)))
        _shine_on(glare, centre, apart, side)
        outer = centre + side * across * _LENS[0] - down * 0.06 * apart
        _line(rims, outer, landmarks[temple, :2], 210, 2)
        edges.append(centre - side * across * _LENS[0] - down * 0.05 * apart)
    _line(rims, edges[0], edges[1], 255, 3)
    lit = _laid(colour, _soft(glare, 3.0), np.array([255.0, 250.0, 244.0]), _GLARE)
    return _laid(lit, _soft(rims, 0.7), _RIM, 1.0)


def _ellipse(stencil: Image, centre: Points, half: Points, angle: float, value: int, thickness: int) -> None:
    middle, axes = np.rint(centre * _SUBPIXELS).astype(int), np.rint(half * _SUBPIXELS).astype(int)
    where, size = (int(middle[0]), int(middle[1])), (int(axes[0]), int(axes[1]))
    cv2.ellipse(stencil, where, size, angle, 0, 360, value, thickness, cv2.LINE_AA, 4)


def _line(stencil: Image, start: Points, end: Points, value: int, thickness: int) -> None:
    ends = np.rint(np.array([start, end]) * _SUBPIXELS).astype(np.int32)
    cv2.polylines(stencil, [ends], False, value, thickness, cv2.LINE_AA, 4)


def _shine_on(stencil: Image, centre: Points, apart: float, side: int) -> None:
    """A slanting reflection of the hall's window on the upper part of a lens."""
    slant = np.array([[-0.02, -0.2], [0.16, -0.17], [0.04, 0.06], [-0.1, 0.04]]) * apart
    corners = np.rint((centre + slant + [side * 0.05 * apart, 0.0]) * _SUBPIXELS).astype(np.int32)
    cv2.fillConvexPoly(stencil, corners, 255, cv2.LINE_AA, 4)


def _soft(stencil: Image, reach: float) -> Image:
    return np.asarray(cv2.GaussianBlur(stencil, (0, 0), reach), dtype=np.uint8)


def _laid(colour: Image, stencil: Image, paint: Points, most: float) -> Image:
    share = most * stencil[:, :, None].astype(np.float32) / 255
    return np.asarray(np.rint(colour * (1 - share) + paint * share), dtype=np.uint8)
