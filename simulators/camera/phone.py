"""A phone in the citizen's hand that shows a QR code to the camera."""

from functools import lru_cache

import cv2
import numpy as np
import zxingcpp

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.figure import lay
from simulators.camera.hand import Picture, paint_box, paint_finger
from simulators.camera.held import seen_corners, to_frame
from simulators.camera.light import under_light
from simulators.camera.pose import Pose
from simulators.portraits import Image

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


@lru_cache(maxsize=4)
def draw_phone(text: str, light: float = 1.0) -> Picture:
    """The hand and its phone with a code of ``text`` on the screen, colours multiplied by the cover.

    ``light`` falls on hand and body, the screen shines of itself. ``ValueError`` for an empty text or one whose code
    the camera could not resolve.
    """
    code = _code(text)
    picture = np.zeros((_SIZE[1] * _FINE, _SIZE[0] * _FINE, 4), np.uint8)
    left, top, right, bottom = _ROOM, _ROOM, _ROOM + _BODY[0], _ROOM + _BODY[1]
    paint_box(picture, _FINE, (left, top, right, bottom), 30, (62, 58, 54))
    paint_box(picture, _FINE, (left + 2, top + 2, right - 2, bottom - 2), 28, (18, 17, 16))
    for down, reach, radius in ((222, 4, 17), (258, 7, 18), (296, 6, 18), (332, 2, 15)):
        paint_finger(picture, _FINE, (right + 90, top + down + 58), (right - radius + reach, top + down), radius)
    paint_finger(picture, _FINE, (left - 34, top + 420), (left + 17 - 14, top + 318), 21)
    picture[:, :, :3] = under_light(picture[:, :, :3], light)
    _paint_screen(picture, code, (left + _BEZEL, top + _BEZEL, right - _BEZEL, bottom - _BEZEL))
    return picture


def show_phone(phone: Picture, pose: Pose, frame: Image) -> Image:
    """``frame`` with the phone before everything else in it."""
    way = to_frame((_SIZE[0] * _FINE, _SIZE[1] * _FINE), seen_corners(_SIZE, _CENTRE, pose))
    seen = cv2.warpPerspective(phone, way, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return lay(np.asarray(seen, dtype=np.uint8), frame)


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
    paint_box(picture, _FINE, box, 20, (250, 248, 246))
    paint_box(picture, _FINE, (left, top, right, top + _HEADER), 20, (150, 96, 40))
    paint_box(picture, _FINE, (left, top + 30, right, top + _HEADER), 1, (150, 96, 40))
    paint_box(picture, _FINE, (left + 70, top + 28, right - 70, top + 38), 4, (235, 226, 214))
    side = (right - left) * _FINE
    large = cv2.resize(code, None, fx=16, fy=16, interpolation=cv2.INTER_NEAREST)
    x, y = left * _FINE, (top + _HEADER + 6) * _FINE
    shown = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    picture[y : y + side, x : x + side, :3] = cv2.cvtColor(shown, cv2.COLOR_GRAY2BGR)
    for down, inset in ((330, 60), (352, 90)):
        paint_box(picture, _FINE, (left + inset, top + down, right - inset, top + down + 9), 4, (206, 200, 196))
