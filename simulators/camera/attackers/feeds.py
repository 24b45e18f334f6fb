"""Attackers who put pictures in the camera's place: what they inject, no lens has seen. A second, infrared camera sees
the empty hall."""

import math
import random
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Manner
from simulators.camera.band import Band
from simulators.camera.cutout import HEIGHT, WIDTH
from simulators.camera.performance import Performance
from simulators.camera.pose import Pose, standing
from simulators.camera.recording import Recording
from simulators.camera.renderer import Renderer
from simulators.portraits import Image

_FRONT = Manner()

_SPARE = 64
"""Places by which the noise of one frame is shifted from that of another."""


class _Injected(Performance):
    """``_seen`` is what stands before the camera itself: nobody."""

    def _seen(self, _at: float, band: Band) -> Image:
        return self._renderer.hall(band)


class StillImage(_Injected):
    """One photo of the victim, the very same pixels in every frame, or with a little noise added to each."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, _FRONT)
        pose = standing(self._since) + Pose(scale=random.uniform(0.9, 1.2))
        self._photo = renderer.recorded(self.portrait, pose, 0.0, 1)
        self._random = random
        self._grain = _grain(random.uniform(0.4, 2.0), random.randrange(2**32)) if random.random() < 0.5 else None

    def frame(self, _at: float, _number: int) -> Image:
        if self._grain is None:
            return self._photo.copy()
        x, y = self._random.randrange(_SPARE), self._random.randrange(_SPARE)
        height, width = self._photo.shape[:2]
        grain = self._grain[y : y + height, x : x + width]
        return np.asarray(cv2.add(self._photo, grain, dtype=cv2.CV_8U), dtype=np.uint8)


def _grain(deviation: float, seed: int) -> npt.NDArray[np.int16]:
    """Noise for a frame and ``_SPARE`` pixels more, shape (544, 704, 3)."""
    shape = (HEIGHT + _SPARE, WIDTH + _SPARE, 3)
    return np.rint(np.random.default_rng(seed).normal(0.0, deviation, shape)).astype(np.int16)


class Freezing(Enum):
    BEFORE = "before"
    AT_THE_ASKING = "at-the-asking"
    IN_THE_ACT = "in-the-act"


class FrozenFeed(_Injected):
    """The victim's living picture stands still from a moment on: before anything is asked, when it is, or while he has
    begun to do it."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, _FRONT)
        self._freezing = random.choice(tuple(Freezing))
        self._freeze_at = random.uniform(0.3, 1.8) if self._freezing is Freezing.BEFORE else math.inf
        self._after = random.uniform(0.0, 0.4)
        self._frozen: Image | None = None

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        super().ask(asked, at, dot)
        asking = self._answering.asking
        if asking is not None and math.isinf(self._freeze_at):
            begun = asking.start + 0.5 if self._freezing is Freezing.IN_THE_ACT else asking.since
            self._freeze_at = begun + self._after

    def frame(self, at: float, number: int) -> Image:
        if self._frozen is not None:
            return self._frozen.copy()
        pose = standing(self._since + at) + self._answering.pose(at)
        living = self._renderer.recorded(self.portrait, pose, self._answering.lids(at), number)
        if at >= self._freeze_at:
            self._frozen = living
        return living


class LoopedFeed(_Injected):
    """A second or two of the victim, again and again: he stands, or does one thing."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, _FRONT)
        self._recording = Recording((random.choice(tuple(FaceAction)),), 25.0, random.uniform(0.0, 100.0))
        self._length = random.randint(25, 60)
        self._begun = random.randrange(round(self._recording.seconds * self._recording.fps) - self._length)

    def frame(self, at: float, _number: int) -> Image:
        shown = self._begun + self._recording.number(at) % self._length
        moment = self._recording.picture(shown)
        return self._renderer.recorded(self.portrait, moment.pose, moment.lids, shown)
