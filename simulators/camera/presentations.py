"""Who can stand before the camera of a liveness trial: attackers by species, citizens by stratum.

Every presentation is a function of the random numbers it was made with and of what it is asked. Attackers hear what the
terminal asks and do what their instrument can.
"""

import random
from collections.abc import Callable
from typing import Final, Protocol

from kiosk.domain.face import FaceAction
from simulators.camera.attackers.feeds import FrozenFeed, LoopedFeed, StillImage
from simulators.camera.attackers.prints import BentPrint, CutEyes, EyeBar, FlatPrint
from simulators.camera.attackers.screens import ScreenReplay
from simulators.camera.attackers.swap import FaceSwap
from simulators.camera.citizens import STRATA, OtherPerson, citizen_of
from simulators.camera.renderer import Renderer
from simulators.portraits import Image


class Presentation(Protocol):
    """``portrait`` names whose face is shown, ``victim`` whose card lies on the reader: two persons only where another
    obeys in his own face."""

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

SPECIES: Final[dict[str, Making]] = {
    "flat-print": FlatPrint,
    "eye-bar": EyeBar,
    "cut-eyes": CutEyes,
    "bent-print": BentPrint,
    "screen-replay": ScreenReplay,
    "still-image": StillImage,
    "frozen-feed": FrozenFeed,
    "looped-feed": LoopedFeed,
    "face-swap": FaceSwap,
    "other-person": OtherPerson,
}
GENUINE: Final[dict[str, Making]] = {name: citizen_of(stratum) for name, stratum in STRATA.items()}
