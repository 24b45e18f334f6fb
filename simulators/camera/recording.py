"""A video of the genuine citizen, made at home: he does several things one after the other, in an order of his own."""

import math
from dataclasses import dataclass

from kiosk.domain.face import FaceAction
from simulators.camera.pose import Blink, Nod, Pose, Side, Turn, standing

_PAUSE_S = 1.0
_LASTING_S = 1.8
_TURN_DEG, _NOD_DEG = 20.0, 14.0
_SIDES = {FaceAction.TURN_LEFT: Side.LEFT, FaceAction.TURN_RIGHT: Side.RIGHT}


@dataclass(frozen=True, slots=True)
class Moment:
    """Picture ``number`` of the video."""

    number: int
    pose: Pose
    lids: float


@dataclass(frozen=True, slots=True)
class Recording:
    """``fps`` pictures a second; after the last of ``actions`` it begins again. ``take`` tells one recording of the
    same actions from another."""

    actions: tuple[FaceAction, ...]
    fps: float = 25.0
    take: float = 0.0

    @property
    def seconds(self) -> float:
        return len(self.actions) * (_PAUSE_S + _LASTING_S)

    def number(self, since: float) -> int:
        """Of the picture that plays ``since`` seconds after the video was started, counted through all repeats."""
        return math.floor(since * self.fps)

    def moment(self, since: float) -> Moment:
        return self.picture(self.number(since))

    def picture(self, number: int) -> Moment:
        shown = number % round(self.seconds * self.fps)
        at = shown / self.fps
        turn = int(at / (_PAUSE_S + _LASTING_S))
        start = turn * (_PAUSE_S + _LASTING_S) + _PAUSE_S
        pose, lids = standing(self.take + at), 0.0
        action = self.actions[turn]
        if action in _SIDES and at >= start:
            pose = pose + Turn(_SIDES[action], _TURN_DEG, start, _LASTING_S).pose(at)
        elif action is FaceAction.NOD and at >= start:
            pose = pose + Nod(_NOD_DEG, start, _LASTING_S).pose(at)
        elif action is FaceAction.BLINK:
            lids = Blink(2, start, _LASTING_S).lids(at)
        return Moment(shown, pose, lids)
