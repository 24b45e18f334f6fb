"""A citizen of the virtual hall who does whatever the camera page asks, after a second."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.cli.demo.hall import HallError, Program
from kiosk.domain.face import FaceAction
from kiosk.face.stages import Acting

REACTION_S = 1.0
"""From the asking to the beginning of the movement."""

AGAIN_S = 1.5
"""Who did as asked and is still asked does it again after so long."""

LOOK_S = 0.05
GAZE_S = 0.25
GAZE_DEGREES = (12.0, 9.0)
"""Across and down, towards a dot at the edge of the picture."""

SIDES = {FaceAction.TURN_LEFT: "left", FaceAction.TURN_RIGHT: "right"}
TURN_DEGREES, TURN_S = 20, 1.8
NOD_DEGREES, NOD_S = 13, 1.8
BLINKS, BLINK_S = 2, 1.6


@dataclass(frozen=True, slots=True)
class Move:
    """A verb of the camera's simulator, and the seconds until it would be begun again."""

    verb: str
    arguments: Mapping[str, object]
    seconds: float


class Obedience:
    """When and how to move, by what is asked at moments that come in order."""

    def __init__(self) -> None:
        self._action: FaceAction | None = None
        self._begin_at = 0.0

    def heed(self, asked: Acting | None, now: float) -> Move | None:
        """What to begin at ``now``."""
        if asked is None:
            self._action = None
            return None
        if asked.action is not self._action:
            self._action, self._begin_at = asked.action, now + REACTION_S
        if now < self._begin_at:
            return None
        move = move_for(asked)
        self._begin_at = now + move.seconds
        return move


def move_for(asked: Acting) -> Move:
    match asked.action:
        case FaceAction.TURN_LEFT | FaceAction.TURN_RIGHT as turn:
            turning = {"side": SIDES[turn], "degrees": TURN_DEGREES, "seconds": TURN_S}
            return Move("turn", turning, TURN_S + AGAIN_S)
        case FaceAction.NOD:
            return Move("nod", {"degrees": NOD_DEGREES, "seconds": NOD_S}, NOD_S + AGAIN_S)
        case FaceAction.BLINK:
            return Move("blink", {"times": BLINKS, "seconds": BLINK_S}, BLINK_S + AGAIN_S)
        case FaceAction.FOLLOW_DOT:
            across, down = asked.dot or (0.0, 0.0)
            gaze = {"yaw": -across * GAZE_DEGREES[0], "pitch": down * GAZE_DEGREES[1], "seconds": GAZE_S}
            return Move("look", gaze, GAZE_S)


class ObedientCitizen:
    """Moves the camera's simulator from a thread of its own. ``show`` may be called from any thread; ``trouble`` is
    what it did not do."""

    def __init__(self, camera: Program) -> None:
        self._camera = camera
        self._asked: Acting | None = None
        self._over = threading.Event()
        self.trouble: HallError | None = None
        self._thread = threading.Thread(target=self._obey, name="obedient-citizen", daemon=True)
        self._thread.start()

    def show(self, asked: Acting | None) -> None:
        """What the page asks now."""
        self._asked = asked

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _obey(self) -> None:
        obedience = Obedience()
        while not self._over.wait(LOOK_S):
            move = obedience.heed(self._asked, time.monotonic())
            if move is None:
                continue
            try:
                self._camera.do(move.verb, **move.arguments)
            except HallError as problem:
                self.trouble = problem
