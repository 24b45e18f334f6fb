"""An attacker with a screen: a video of the victim plays on a phone or tablet in his hand."""

import random
from dataclasses import replace

import cv2
import numpy as np

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Manner
from simulators.camera.band import Band
from simulators.camera.performance import Performance
from simulators.camera.pose import Pose, held_by_hand
from simulators.camera.recording import Recording
from simulators.camera.renderer import Renderer
from simulators.camera.screen import PHONE, TABLET, screen_in_infrared, show_screen
from simulators.portraits import Image

_GRIDS = (0.0, 0.5, 1.0, 2.0)
"""A fine screen a little out of focus shows no grid at all."""

_HELD = ((1.06, 1.16), (1.06, 1.16), (1.06, 1.16), (1.38, 1.5))
"""Sizes of the device: with its bezel in view, or so near that a tablet fills the frame."""

_EXPOSURE_S = 1 / 50
_FLICKER = 0.012
"""Share by which the backlight's own rhythm lightens and darkens a frame."""

_RECORDED = (FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT, FaceAction.NOD, FaceAction.BLINK)


class ScreenReplay(Performance):
    """The recorded citizen does in his own order what he did when recorded; the hand turns the device a little as
    asked. A frame exposed while the video changes its picture shows both."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        tilt = random.choice((0.0, 1.0))
        super().__init__(renderer, random, Manner(turn_deg=(5.0, 20.0), nod_deg=(5.0, 15.0), dot_deg=(3.0, 12.0)))
        order = random.sample(_RECORDED, len(_RECORDED))
        self._recording = Recording(tuple(order), random.choice((25.0, 30.0)), random.uniform(0.0, 100.0))
        self._begun = random.uniform(0.0, self._recording.seconds)
        device = random.choice((TABLET, PHONE))
        self._device = replace(
            device,
            pitch=device.pitch * random.uniform(0.8, 1.25),
            grid=random.choice(_GRIDS) * device.grid,
            bright=random.uniform(1.02, 1.15),
        )
        self._size = random.uniform(*random.choice(_HELD))
        self._tilt = tilt
        self._beat_hz = random.uniform(0.5, 6.0)
        self._developed: dict[int, Image] = {}

    def _seen(self, at: float, band: Band) -> Image:
        asked = self._answering.pose(at)
        tilted = Pose(yaw=self._tilt * asked.yaw, pitch=self._tilt * asked.pitch, scale=self._size)
        pose = held_by_hand(self._since + at) + tilted
        hall = self._renderer.hall(band)
        if band is Band.INFRARED:
            return screen_in_infrared(self._device, pose, hall)
        bright = 1.0 + _FLICKER * float(np.sin(2 * np.pi * self._beat_hz * at))
        return show_screen(self._video(at, bright), self._device, pose, hall, 1.0)

    def _video(self, at: float, bright: float) -> Image:
        """What the screen shows during the exposure that ends at ``at``."""
        since = self._begun + at
        number = self._recording.number(since)
        shown = self._picture(number)
        earlier = (number / self._recording.fps - (since - _EXPOSURE_S)) / _EXPOSURE_S
        if earlier <= 0:
            return np.asarray(cv2.convertScaleAbs(shown, alpha=bright), dtype=np.uint8)
        mixed = cv2.addWeighted(self._picture(number - 1), earlier * bright, shown, (1 - earlier) * bright, 0)
        return np.asarray(mixed, dtype=np.uint8)

    def _picture(self, number: int) -> Image:
        if number not in self._developed:
            moment = self._recording.picture(number)
            kept = {number - 1: self._developed[number - 1]} if number - 1 in self._developed else {}
            picture = self._renderer.recorded(self.portrait, moment.pose, moment.lids, moment.number)
            self._developed = {**kept, number: picture}
        return self._developed[number]
