"""Attackers who put pictures in the camera's place: what they inject, no lens has seen. A second, infrared camera sees
the empty hall."""

import math
import random
from enum import Enum

import numpy as np

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Manner
from simulators.camera.band import Band
from simulators.camera.performance import Performance
from simulators.camera.pose import Pose, standing
from simulators.camera.recording import Recording
from simulators.camera.renderer import Renderer
from simulators.portraits import Image

_FRONT = Manner()


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
        self._noise = random.choice((0.0, random.uniform(0.4, 2.0)))
        self._random = np.random.default_rng(random.randrange(2**32))

    def frame(self, _at: float, _number: int) -> Image:
        if not self._noise:
            return self._photo.copy()
        grain = self._random.normal(0.0, self._noise, self._photo.shape)
        return np.asarray(np.clip(np.rint(self._photo + grain), 0, 255), dtype=np.uint8)


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
