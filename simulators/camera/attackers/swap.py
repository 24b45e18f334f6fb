"""An attacker who lives but is not the victim: he acts himself and shows the victim's face before or after."""

import random
from enum import Enum

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Manner
from simulators.camera.band import Band
from simulators.camera.performance import Performance, another
from simulators.camera.pose import Glide, Pose, held_by_hand, standing
from simulators.camera.print_out import flat_layer, lay_paper
from simulators.camera.renderer import Renderer
from simulators.portraits import Image

_IN_HAND_S = 0.25
_OUTSIDE = (560.0, 60.0)
_OVER_FACE = Pose(dy=14.0, scale=1.12)


class Order(Enum):
    PRINT_FIRST = "print-first"
    PRINT_LAST = "print-last"
    PRINT_AROUND = "print-around"


class FaceSwap(Performance):
    """A print of the victim is slid in from the side, or is there from one frame to the next."""

    def __init__(self, renderer: Renderer, random: random.Random) -> None:
        super().__init__(renderer, random, Manner(reaction_s=(0.7, 1.2)))
        self._living = another(self.victim, random)
        renderer.prepare(self._living)
        self._order = random.choice(tuple(Order))
        self._seconds = random.choice((0.0, _IN_HAND_S))
        first = 0.0 if self._order is Order.PRINT_LAST else 1.0
        self._away = Glide(1.0 - first, 1.0 - first)
        self._acted = False

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        done = self._answering.done(at) or (self._answering.asking is not None and asked is None)
        super().ask(asked, at, dot)
        self._acted = self._acted or done
        away = 0.0 if self._print_wanted(at) else 1.0
        if away != self._away.after:
            self._away = self._away.onward(away, at, self._seconds)

    def _print_wanted(self, at: float) -> bool:
        if self._acted:
            return self._order is not Order.PRINT_FIRST
        asking = self._answering.asking
        waiting = asking is None or at < asking.start - _IN_HAND_S
        return waiting and self._order is not Order.PRINT_LAST

    def _seen(self, at: float, band: Band) -> Image:
        away = self._away.value(at)
        if away == 0.0 and self._seconds == 0.0:
            behind = self._renderer.hall(band)
        else:
            pose = standing(self._since + at) + self._answering.pose(at)
            behind = self._renderer.person(
                self._living, pose, self._answering.lids(at), self._renderer.hall(band), band
            )
        if away == 1.0:
            return behind
        hand = held_by_hand(self._since + at) + _OVER_FACE + Pose(dx=away * _OUTSIDE[0], dy=away * _OUTSIDE[1])
        return lay_paper(flat_layer(self._renderer.sheet(self.portrait).seen_in(band), hand), behind)
