"""Screen-flash reflection: a face gives back a little of the screen's colour; recorded, never decided on.

After Face Flashing (arXiv 1801.01949), with soft colours instead of a bright screen: 98.8 % there; nothing was measured
on people here.
"""

from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt

from kiosk.face.stages import FlashColour

_TINTS = {
    FlashColour.ROSE: (0.30, 0.29, 0.41),
    FlashColour.LIME: (0.28, 0.42, 0.30),
    FlashColour.SKY: (0.42, 0.32, 0.26),
    FlashColour.AMBER: (0.22, 0.38, 0.40),
}
"""Shares of blue, green and red of what the screen shines in."""

_SETTLED = 0.4
"""Of a colour's time, after which camera and screen have followed."""


@dataclass(frozen=True, slots=True)
class Flash:
    """The colours in their drawn order, and the face's own shares of blue, green and red while each was shown."""

    order: tuple[FlashColour, ...]
    began: float
    each_s: float
    seen: tuple[tuple[FlashColour, float, float, float], ...] = ()

    def colour(self, at: float) -> FlashColour | None:
        """None once all were shown."""
        place = int((at - self.began) / self.each_s)
        return self.order[place] if place < len(self.order) else None

    def with_face(self, at: float, colour: tuple[float, float, float] | None) -> "Flash":
        shown = self.colour(at)
        into = ((at - self.began) / self.each_s) % 1
        if shown is None or colour is None or into < _SETTLED or sum(colour) <= 0:
            return self
        blue, green, red = (part / sum(colour) for part in colour)
        return replace(self, seen=(*self.seen, (shown, blue, green, red)))

    def score(self) -> float:
        """-1 to 1: how well the face's changes of colour follow the screen's; 0 when a colour was not seen."""
        rows = {shown: [row[1:] for row in self.seen if row[0] is shown] for shown in self.order}
        if not all(rows.values()):
            return 0.0
        face = _centred(np.array([np.mean(rows[shown], axis=0) for shown in self.order]))
        screen = _centred(np.array([_TINTS[shown] for shown in self.order]))
        size = float(np.linalg.norm(face) * np.linalg.norm(screen))
        return float((face * screen).sum()) / size if size > 0 else 0.0


def begin_flash(seed: int, at: float, each_s: float) -> Flash:
    order = list(FlashColour)
    Random(seed).shuffle(order)
    return Flash(tuple(order), at, each_s)


def _centred(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred: npt.NDArray[np.float64] = rows - rows.mean(axis=0)
    return centred
