"""A phone in the citizen's hand that shows a QR code to the camera."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.held import seen_corners, to_frame
from simulators.camera.light import under_light
from simulators.camera.pose import Pose
from simulators.portraits import Image

Picture = npt.NDArray[np.uint8]
"""Shape (height, width, 4), BGR and cover."""

LARGEST_CODE = 69
"""Modules a side: of a larger code, one module is under three pixels of the frame."""

_FINE = 2
_BODY = (272, 560)
_ROOM = 64
_SIZE = (_BODY[0] + 2 * _ROOM, _BODY[1] + 2 * _ROOM)
"""Body with room for the fingers around it, in pixels of the frame; drawn ``_FINE`` times as large."""

_CENTRE = (472.0, 365.0)
_BEZEL, _HEADER = 10, 58
_QUIET_ZONE = 4
_SHADOW = 0.45
_SKIN, _SKIN_SHADE = np.array([146.0, 174.0, 220.0]), np.array([92.0, 116.0, 166.0])


@lru_cache(maxsize=4)
def draw_phone(text: str, light: float = 1.0) -> Picture:
    """The hand and its phone with a code of ``text`` on the screen, colours multiplied by the cover.

    ``light`` falls on hand and body, the screen shines of itself. ``ValueError`` for an empty text or one whose code
    the camera could not resolve.
    """
    code = _code(text)
    picture = np.zeros((_SIZE[1] * _FINE, _SIZE[0] * _FINE, 4), np.uint8)
    left, top, right, bottom = _ROOM, _ROOM, _ROOM + _BODY[0], _ROOM + _BODY[1]
    _paint_box(picture, (left, top, right, bottom), 30, (62, 58, 54))
    _paint_box(picture, (left + 2, top + 2, right - 2, bottom - 2), 28, (18, 17, 16))
    for down, reach, radius in ((222, 4, 17), (258, 7, 18), (296, 6, 18), (332, 2, 15)):
        _paint_finger(picture, (right + 90, top + down + 58), (right - radius + reach, top + down), radius)
    _paint_finger(picture, (left - 34, top + 420), (left + 17 - 14, top + 318), 21)
    picture[:, :, :3] = under_light(picture[:, :, :3], light)
    _paint_screen(picture, code, (left + _BEZEL, top + _BEZEL, right - _BEZEL, bottom - _BEZEL))
    return picture


def show_phone(phone: Picture, pose: Pose, frame: Image) -> Image:
    """``frame`` with the phone before everything else in it."""
    way = to_frame((_SIZE[0] * _FINE, _SIZE[1] * _FINE), seen_corners(_SIZE, _CENTRE, pose))
    seen = cv2.warpPerspective(phone, way, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    around = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(seen, 3)), cv2.COLOR_GRAY2BGR)
    shown = cv2.add(cv2.cvtColor(seen, cv2.COLOR_BGRA2BGR), cv2.multiply(frame, around, scale=1 / 255))
    return np.asarray(shown, dtype=np.uint8)


def _code(text: str) -> Image:
    """Modules of the code and its quiet zone, one pixel each, shape (n, n), 0 black."""
    if not text:
        raise ValueError("a phone's code needs a text")
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.asarray(code.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)
    if len(modules) > LARGEST_CODE:
        raise ValueError(f"a code of {len(modules)} modules is too fine for a phone's screen")
    return np.pad(modules, _QUIET_ZONE, constant_values=255)


def _paint_screen(picture: Picture, code: Image, box: tuple[int, int, int, int]) -> None:
    left, top, right, _ = box
    _paint_box(picture, box, 20, (250, 248, 246))
    _paint_box(picture, (left, top, right, top + _HEADER), 20, (150, 96, 40))
    _paint_box(picture, (left, top + 30, right, top + _HEADER), 1, (150, 96, 40))
    _paint_box(picture, (left + 70, top + 28, right - 70, top + 38), 4, (235, 226, 214))
    side = (right - left) * _FINE
    large = cv2.resize(code, None, fx=16, fy=16, interpolation=cv2.INTER_NEAREST)
    x, y = left * _FINE, (top + _HEADER + 6) * _FINE
    shown = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    picture[y : y + side, x : x + side, :3] = cv2.cvtColor(shown, cv2.COLOR_GRAY2BGR)
    for down, inset in ((330, 60), (352, 90)):
        _paint_box(picture, (left + inset, top + down, right - inset, top + down + 9), 4, (206, 200, 196))


def _paint_box(picture: Picture, box: tuple[int, int, int, int], radius: int, colour: tuple[int, int, int]) -> None:
    """A filled rectangle with round corners; lengths in pixels of the frame."""
    left, top, right, bottom = (side * _FINE for side in box)
    radius *= _FINE
    part = picture[top:bottom, left:right]
    far_x, far_y = right - left - radius, bottom - top - radius
    inner = np.array([[radius, radius], [far_x, radius], [far_x, far_y], [radius, far_y]])
    stencil = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(stencil, inner, 255)
    cv2.polylines(stencil, [inner], True, 255, 2 * radius, cv2.LINE_AA)
    _lay(part, stencil, np.array(colour, np.float32))


def _paint_finger(picture: Picture, root: tuple[int, int], tip: tuple[int, int], radius: int) -> None:
    """A round-ended limb, lit from above, and its shadow; lengths in pixels of the frame."""
    ends = np.array([root, tip]) * _FINE
    radius *= _FINE
    corner = np.maximum(ends.min(axis=0) - 2 * radius, 0)
    right, bottom = ends.max(axis=0) + 2 * radius
    part = picture[corner[1] : bottom, corner[0] : right]
    limb = [ends - corner]
    stencil, lit = np.zeros(part.shape[:2], np.uint8), np.zeros(part.shape[:2], np.uint8)
    cv2.polylines(stencil, limb, False, 255, 2 * radius, cv2.LINE_AA)
    cv2.polylines(lit, [limb[0] - [0, radius // 3]], False, 255, radius, cv2.LINE_AA)
    shadow = cv2.GaussianBlur(np.roll(stencil, 3 * _FINE, axis=0), (0, 0), 3 * _FINE)
    part[:, :, :3] = part[:, :, :3] * (1 - _SHADOW * shadow[:, :, None] / 255)
    share = cv2.GaussianBlur(lit, (0, 0), radius / 2.5)[:, :, None] / 255
    edge = np.asarray(cv2.GaussianBlur(stencil, (0, 0), 1.2), dtype=np.uint8)
    _lay(part, edge, np.asarray(_SKIN_SHADE * (1 - share) + _SKIN * share, dtype=np.float32))


def _lay(part: Picture, stencil: Image, colour: npt.NDArray[np.float32]) -> None:
    share = stencil[:, :, None].astype(np.float32) / 255
    part[:, :, :3] = np.rint(part[:, :, :3] * (1 - share) + colour * share)
    part[:, :, 3] = cv2.max(part[:, :, 3], stencil)
