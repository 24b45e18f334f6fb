"""How somebody before the camera answers the terminal: after his own time to react, as far and as fast as he can."""

import math
import random
from collections import deque
from dataclasses import dataclass

from kiosk.domain.face import FaceAction
from simulators.camera.pose import Blink, Nod, Pose, Side, Turn

Range = tuple[float, float]
"""Least and most, drawn from evenly."""

_BLINK_S: Range = (0.35, 0.5)
"""A blink nobody asked for, a third of it open again."""

_PATIENCE_S = 1.5
"""Whoever did as asked and is still asked tries again after so long."""

_LAGGING_S = 0.3
_SETTLING_S = 0.2
"""A head follows what moves so much later, and this is the time constant of its following."""


@dataclass(frozen=True, slots=True)
class Manner:
    """``reaction_s`` passes from the asking to the beginning, the other seconds are of a whole movement there and back;
    degrees are those of its furthest point, for the dot at its edge. ``blink_every_s`` is None for eyes that never
    close, asked or not."""

    reaction_s: Range = (0.6, 1.5)
    turn_deg: Range = (15.0, 25.0)
    turn_s: Range = (1.6, 2.4)
    nod_deg: Range = (10.0, 16.0)
    nod_s: Range = (1.5, 2.2)
    dot_deg: Range = (8.0, 14.0)
    blinks_s: Range = (1.3, 1.8)
    blink_every_s: Range | None = (3.0, 6.0)


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of the terminal: what, since when, and when the answer begins."""

    action: FaceAction
    since: float
    start: float


class Answering:
    """Movements and blinks drawn from ``random`` as they are needed; moments must come in order."""

    def __init__(self, manner: Manner, random: random.Random) -> None:
        self.manner = manner
        self._random = random
        self.asking: Asking | None = None
        self._again = self._first_end = math.inf
        self._reach = 0.0
        self._movements: list[Turn | Nod] = []
        self._blinks: list[Blink] = []
        self._next_blink = 0.0 if manner.blink_every_s is None else self._draw(manner.blink_every_s) / 2
        self._dots: deque[tuple[float, float, float]] = deque()
        self._gaze = (0.0, 0.0)
        self._last = 0.0

    def ask(self, asked: FaceAction | None, at: float, dot: tuple[float, float] | None = None) -> None:
        """``dot`` is on the citizen's mirrored picture, -1 to 1 from the middle to the right and down."""
        if asked is None or self.asking is None or asked is not self.asking.action:
            self._hear(asked, at)
        elif at >= self._again:
            self._begin(self.asking.action, at)
        self._follow(at, dot)
        self._blink_by_itself(at)
        self._movements = [movement for movement in self._movements if not movement.over(at)]
        self._blinks = [blink for blink in self._blinks if not blink.over(at)]
        self._last = at

    def pose(self, at: float) -> Pose:
        """What the answers add to how the head is held."""
        pose = Pose(yaw=self._gaze[0], pitch=self._gaze[1])
        for movement in self._movements:
            if movement.start <= at and not movement.over(at):
                pose = pose + movement.pose(at)
        return pose

    def lids(self, at: float) -> float:
        """0 open, 1 closed."""
        return max((blink.lids(at) for blink in self._blinks), default=0.0)

    def done(self, at: float) -> bool:
        """Whether what was asked last has been done, at least once."""
        return self.asking is not None and at >= self._first_end

    def _hear(self, asked: FaceAction | None, at: float) -> None:
        """What had not begun when the terminal changed its mind never does."""
        self._movements = [movement for movement in self._movements if movement.start <= at]
        self._blinks = [blink for blink in self._blinks if blink.start <= at]
        self._dots.clear()
        self._again = self._first_end = math.inf
        self.asking = None
        if asked is not None:
            start = at + self._draw(self.manner.reaction_s)
            self.asking = Asking(asked, at, start)
            self._begin(asked, start)
            self._first_end = self._again - _PATIENCE_S

    def _begin(self, action: FaceAction, start: float) -> None:
        manner = self.manner
        match action:
            case FaceAction.TURN_LEFT | FaceAction.TURN_RIGHT:
                side = Side.LEFT if action is FaceAction.TURN_LEFT else Side.RIGHT
                turn = Turn(side, self._draw(manner.turn_deg), start, self._draw(manner.turn_s))
                self._movements.append(turn)
                self._again = start + turn.seconds + _PATIENCE_S
            case FaceAction.NOD:
                nod = Nod(self._draw(manner.nod_deg), start, self._draw(manner.nod_s))
                self._movements.append(nod)
                self._again = start + nod.seconds + _PATIENCE_S
            case FaceAction.BLINK if manner.blink_every_s is not None:
                blink = Blink(2, start, self._draw(manner.blinks_s))
                self._blinks.append(blink)
                self._again = start + blink.seconds + _PATIENCE_S
            case FaceAction.FOLLOW_DOT:
                self._reach = self._draw(manner.dot_deg)

    def _follow(self, at: float, dot: tuple[float, float] | None) -> None:
        aim = (0.0, 0.0)
        if self.asking is not None and self.asking.action is FaceAction.FOLLOW_DOT and dot is not None:
            self._dots.append((at, -dot[0] * self._reach, dot[1] * self._reach))
            while len(self._dots) > 1 and self._dots[1][0] <= at - _LAGGING_S:
                self._dots.popleft()
            if at >= self.asking.start:
                aim = self._dots[0][1:]
        part = 1.0 - math.exp(-max(0.0, at - self._last) / _SETTLING_S)
        self._gaze = (
            self._gaze[0] + part * (aim[0] - self._gaze[0]),
            self._gaze[1] + part * (aim[1] - self._gaze[1]),
        )

    def _blink_by_itself(self, at: float) -> None:
        every = self.manner.blink_every_s
        if every is not None and at >= self._next_blink:
            if not self._blinks:
                self._blinks.append(Blink(1, at, self._draw(_BLINK_S)))
            self._next_blink = at + self._draw(every)

    def _draw(self, between: Range) -> float:
        return self._random.uniform(*between)
