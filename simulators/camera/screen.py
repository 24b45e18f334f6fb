"""A phone or tablet in a hand that plays a video: its bezel, its pixel grid against the sensor's, its own light."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.figure import lay
from simulators.camera.hand import Picture, paint_box, paint_finger
from simulators.camera.held import Corners, Points, seen_corners, to_frame
from simulators.camera.light import under_light
from simulators.camera.pose import Pose
from simulators.portraits import Image

CENTRE = (WIDTH / 2, HEIGHT / 2 + 5)

_ROOM = 46
_SIZE = (WIDTH, HEIGHT)
_TEXELS = 16
"""Of the picture of one screen pixel, a side."""

_EVEN = 160
"""Level of the grid's picture where it leaves the screen as bright as it is."""

_BACKLIGHT = (1.08, 1.0, 0.93)
_GLOW = 9
"""Screens are bluer than the hall and never quite black."""

_REFLECTING = 0.05
_DARK = 11
"""Grey of a screen and its body in the infrared."""


@dataclass(frozen=True, slots=True)
class Device:
    """``size`` of the lit part and ``bezel`` in pixels of the frame, ``crop`` the width and height of the video's part
    that is shown, about its middle. ``pitch`` is screen pixels per pixel of the frame, ``grid`` the contrast of the
    single screen pixel that lens and sensor still let through; ``bright`` multiplies the video."""

    size: tuple[int, int]
    bezel: int
    crop: tuple[int, int]
    pitch: float = 1.9
    grid: float = 0.02
    bright: float = 1.08

    @property
    def whole(self) -> tuple[int, int]:
        """Body with room for the fingers."""
        return self.size[0] + 2 * (self.bezel + _ROOM), self.size[1] + 2 * (self.bezel + _ROOM)


TABLET = Device(size=(500, 375), bezel=20, crop=(640, 480))
PHONE = Device(size=(470, 264), bezel=11, crop=(480, 270), pitch=2.7, grid=0.01)
"""A tablet shows the whole video lying across, a phone its middle."""

DEVICES = {"tablet": TABLET, "phone": PHONE}


def show_screen(video: Image, device: Device, pose: Pose, hall: Image, light: float) -> Image:
    """``hall``, lit already, with the device before it; ``light`` falls on hand and body, the screen shines of itself.

    ``video`` (480, 640, 3) is the moment that is played.
    """
    corners = seen_corners(device.whole, CENTRE, pose)
    playing = _playing(video, device, light)
    layer = cv2.warpPerspective(playing, to_frame(device.whole, corners), _SIZE, flags=cv2.INTER_LINEAR)
    grid = cv2.warpPerspective(
        _pixel(device.grid),
        _frame_to_texels(device, corners),
        _SIZE,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_WRAP,
    )
    return lay(np.asarray(cv2.multiply(layer, grid, scale=1 / _EVEN), dtype=np.uint8), hall)


def screen_in_infrared(device: Device, pose: Pose, hall: Image) -> Image:
    """A screen shines nothing in the near infrared: a dark slab, only the hand is pale."""
    body = _body(device, 1.0)
    grey = cv2.cvtColor(np.ascontiguousarray(body[:, :, :3]), cv2.COLOR_BGR2GRAY)
    cover = np.ascontiguousarray(body[:, :, 3])
    slab = cv2.copyTo(grey, _thumb(device), cv2.convertScaleAbs(cover, alpha=_DARK / 255))
    way = to_frame(device.whole, seen_corners(device.whole, CENTRE, pose))
    return lay(np.asarray(cv2.warpPerspective(cv2.merge([slab, slab, slab, cover]), way, _SIZE), dtype=np.uint8), hall)


def _playing(video: Image, device: Device, light: float) -> Picture:
    """The device with the video on its screen, a little of the hall reflected in the glass, and the thumb before it."""
    across, down = device.crop
    left, top = (video.shape[1] - across) // 2, (video.shape[0] - down) // 2
    lit = cv2.LUT(video[top : top + down, left : left + across], _curve(device.bright))
    shown = cv2.add(cv2.resize(lit, device.size, interpolation=cv2.INTER_AREA), _reflection(*device.size, light))
    body, inset = _body(device, light), device.bezel + _ROOM
    picture = body.copy()
    screen = picture[inset : inset + device.size[1], inset : inset + device.size[0]]
    screen[:, :, :3] = shown
    cv2.copyTo(body, _thumb(device), picture)
    return picture


@lru_cache(maxsize=8)
def _curve(bright: float) -> Image:
    levels = np.stack([np.arange(256) * bright * tint + _GLOW for tint in _BACKLIGHT], axis=-1)
    return np.asarray(np.rint(np.clip(levels, 0, 255)), dtype=np.uint8)[None]


@lru_cache(maxsize=4)
def _reflection(width: int, height: int, light: float) -> Image:
    slope = np.linspace(1.0, -0.4, width)[None, :] + np.linspace(0.4, -0.4, height)[:, None]
    grey = np.rint(255 * _REFLECTING * np.clip(slope, 0, 1)).astype(np.uint8)
    return under_light(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8), light)


@lru_cache(maxsize=4)
def _body(device: Device, light: float) -> Picture:
    across, down = device.whole
    body = np.zeros((down, across, 4), np.uint8)
    outer = (_ROOM, _ROOM, across - _ROOM, down - _ROOM)
    paint_box(body, 1, outer, 16, (58, 55, 52))
    paint_box(body, 1, (outer[0] + 2, outer[1] + 2, outer[2] - 2, outer[3] - 2), 15, (20, 19, 18))
    _paint_thumb(body, device)
    lit = under_light(np.ascontiguousarray(body[:, :, :3]), light)
    return np.dstack([lit, body[:, :, 3]])


@lru_cache(maxsize=4)
def _thumb(device: Device) -> Image:
    """Where it hides what is behind it, shape of the body."""
    across, down = device.whole
    alone = np.zeros((down, across, 4), np.uint8)
    _paint_thumb(alone, device)
    return np.ascontiguousarray(cv2.threshold(alone[:, :, 3], 250, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _paint_thumb(body: Picture, device: Device) -> None:
    across, down = device.whole
    paint_finger(body, 1, (across + 20, down - 70), (across - _ROOM - 8, down - 110), 17)


@lru_cache(maxsize=8)
def _pixel(contrast: float) -> Picture:
    """One screen pixel, ``_EVEN`` where it is as bright as the mean: three stripes of colour, a gap above the next row.
    The cover has no pattern."""
    at = (np.arange(_TEXELS) + 0.5) / _TEXELS * 2 * np.pi
    stripes = [np.cos(at - channel * 2 * np.pi / 3)[None, :] for channel in (2, 1, 0)]
    rows = 0.7 * np.cos(at)[:, None]
    pattern = np.stack([*(stripe + rows for stripe in stripes), np.zeros((_TEXELS, _TEXELS))], axis=-1)
    return np.asarray(np.rint(_EVEN * (1 + contrast * pattern)), dtype=np.uint8)


def _frame_to_texels(device: Device, corners: Corners) -> Points:
    texels = (round(device.whole[0] * device.pitch) * _TEXELS, round(device.whole[1] * device.pitch) * _TEXELS)
    return np.asarray(np.linalg.inv(to_frame(texels, corners)), dtype=np.float64)
