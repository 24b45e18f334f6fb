"""Who can stand before the camera of a liveness trial: attackers by species, citizens by stratum.

Every presentation is a function of the random numbers it was made with and of what it is asked.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

import cv2
import numpy as np

from kiosk.domain.face import FaceAction
from simulators.camera.citizen import Answering, Manner
from simulators.camera.pose import held_by_hand, standing
from simulators.camera.renderer import Renderer
from simulators.camera.world import Scene, Subject
from simulators.portraits import PORTRAITS, Image


class Presentation(Protocol):
    """``portrait`` names whose face is shown, ``victim`` whose card lies on the reader."""

    portrait: str
    victim: str

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        """What the terminal asks at ``at``, None for nothing; called before every frame, moments in order. ``dot`` is
        on the mirrored picture, -1 to 1 from the middle to the right and down."""

    def frame(self, at: float, number: int) -> Image:
        """Shape (480, 640, 3), BGR, not mirrored."""

    def infrared(self, at: float, number: int) -> Image | None:
        """What a near-infrared camera beside the other sees, shape (480, 640), grey."""


Making = Callable[[Renderer, random.Random], Presentation]


class Citizen:
    """A living person who does as asked."""

    def __init__(self, renderer: Renderer, random: random.Random, manner: Manner) -> None:
        self.portrait = self.victim = random.choice(tuple(PORTRAITS))
        renderer.prepare(self.portrait)
        self._renderer = renderer
        self._since = random.uniform(0.0, 100.0)
        self._answering = Answering(manner, random)

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        self._answering.ask(asked, at, dot)

    def frame(self, at: float, number: int) -> Image:
        return self._renderer.frame(self._scene(at), number)

    def infrared(self, at: float, number: int) -> Image | None:
        return np.asarray(cv2.cvtColor(self.frame(at, number), cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def _scene(self, at: float) -> Scene:
        pose = standing(self._since + at) + self._answering.pose(at)
        return Scene(Subject.PERSON, self.portrait, pose, self._answering.lids(at))


class FlatPrint:
    """A paper print in a hand that turns, tilts and approaches it as asked."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        self.portrait = self.victim = random.choice(tuple(PORTRAITS))
        renderer.prepare(self.portrait)
        self._renderer = renderer
        self._since = random.uniform(0.0, 100.0)
        self._answering = Answering(_by_hand(), random)

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        self._answering.ask(asked, at, dot)

    def frame(self, at: float, number: int) -> Image:
        return self._renderer.frame(self._scene(at), number)

    def infrared(self, at: float, number: int) -> Image | None:
        return np.asarray(cv2.cvtColor(self.frame(at, number), cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def _scene(self, at: float) -> Scene:
        pose = held_by_hand(self._since + at) + self._answering.pose(at)
        return Scene(Subject.PHOTO, self.portrait, replace(pose, pitch=min(40.0, pose.pitch)))


def _by_hand() -> Manner:
    return Manner(turn_deg=(10.0, 50.0), nod_deg=(10.0, 40.0), dot_deg=(10.0, 30.0))


SPECIES: Final[dict[str, Making]] = {"flat-print": FlatPrint}
GENUINE: Final[dict[str, Making]] = {"plain": lambda renderer, random: Citizen(renderer, random, Manner())}
