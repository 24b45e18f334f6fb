"""What all presentations have in common: somebody answers, and two cameras see what comes of it."""

import random
from abc import ABC, abstractmethod

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Answering, Manner
from simulators.camera.band import Band
from simulators.camera.renderer import Renderer
from simulators.portraits import PORTRAITS, Image


class Performance(ABC):
    """``portrait`` names whose face is shown, ``victim`` whose card lies on the reader."""

    def __init__(self, renderer: Renderer, random: random.Random, manner: Manner, victim: str = "") -> None:
        self.victim = victim or random.choice(tuple(PORTRAITS))
        self.portrait = self.victim
        self._renderer = renderer
        self._since = random.uniform(0.0, 100.0)
        self._answering = Answering(manner, random)
        renderer.prepare(self.victim)

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        self._answering.ask(asked, at, dot)

    def frame(self, at: float, number: int) -> Image:
        return self._renderer.expose(self._seen(at, Band.VISIBLE), number)

    def infrared(self, at: float, number: int) -> Image:
        return self._renderer.expose_infrared(self._seen(at, Band.INFRARED), number)

    @abstractmethod
    def _seen(self, at: float, band: Band) -> Image:
        """What the lens shows at ``at``, shape (480, 640, 3), BGR."""


def another(portrait: str, random: random.Random) -> str:
    """Somebody who is not ``portrait``."""
    return random.choice([name for name in PORTRAITS if name != portrait])
