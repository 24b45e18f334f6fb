"""Things in a hand and the fingers that hold them, painted on a layer."""

import cv2
import numpy as np
import numpy.typing as npt

from simulators.portraits import Image

Picture = npt.NDArray[np.uint8]
"""Shape (height, width, 4), BGR multiplied by the cover, and the cover."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""

_SHADOW = 0.45
_SKIN, _SKIN_SHADE = np.array([146.0, 174.0, 220.0]), np.array([92.0, 116.0, 166.0])


def paint_box(picture: Picture, fine: int, box: Box, radius: int, colour: tuple[int, int, int]) -> None:
    """A filled rectangle with round corners; lengths in pixels of the frame, each ``fine`` of ``picture``."""
    left, top, right, bottom = (side * fine for side in box)
    radius *= fine
    part = picture[top:bottom, left:right]
    far_x, far_y = right - left - radius, bottom - top - radius
    inner = np.array([[radius, radius], [far_x, radius], [far_x, far_y], [radius, far_y]])
    stencil = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(stencil, inner, 255)
    cv2.polylines(stencil, [inner], True, 255, 2 * radius, cv2.LINE_AA)
    _lay(part, stencil, np.array(colour, np.float32))


def paint_finger(picture: Picture, fine: int, root: tuple[int, int], tip: tuple[int, int], radius: int) -> None:
    """A round-ended limb, lit from above, and its shadow; lengths as of ``paint_box``."""
    ends = np.array([root, tip]) * fine
    radius *= fine
    corner = np.maximum(ends.min(axis=0) - 2 * radius, 0)
    right, bottom = ends.max(axis=0) + 2 * radius
    part = picture[corner[1] : bottom, corner[0] : right]
    limb = [ends - corner]
    stencil, lit = np.zeros(part.shape[:2], np.uint8), np.zeros(part.shape[:2], np.uint8)
    cv2.polylines(stencil, limb, False, 255, 2 * radius, cv2.LINE_AA)
    cv2.polylines(lit, [limb[0] - [0, radius // 3]], False, 255, radius, cv2.LINE_AA)
    shadow = cv2.GaussianBlur(np.roll(stencil, 3 * fine, axis=0), (0, 0), 3 * fine)
    part[:, :, :3] = part[:, :, :3] * (1 - _SHADOW * shadow[:, :, None] / 255)
    share = cv2.GaussianBlur(lit, (0, 0), radius / 2.5)[:, :, None] / 255
    edge = np.asarray(cv2.GaussianBlur(stencil, (0, 0), 1.2), dtype=np.uint8)
    _lay(part, edge, np.asarray(_SKIN_SHADE * (1 - share) + _SKIN * share, dtype=np.float32))


def _lay(part: Picture, stencil: Image, colour: npt.NDArray[np.float32]) -> None:
    share = stencil[:, :, None].astype(np.float32) / 255
    part[:, :, :3] = np.rint(part[:, :, :3] * (1 - share) + colour * share)
    part[:, :, 3] = cv2.max(part[:, :, 3], stencil)
