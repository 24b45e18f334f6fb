"""Who stands before the camera of a story, as the analyser would tell of it: a living head, a print of one, nobody."""

from math import pi, sin

import numpy as np

from kiosk.domain.face import Eyes, FaceAction, FaceObservation
from kiosk.face.stages import Acting
from tests.kiosk.face.heads import Pose, head_at, print_at

REACTION_S = 0.8
ROUND_S = 3.0
"""Whoever obeys does it once in so many seconds, for as long as the page asks."""

TURN_DEG, NOD_DEG, PRINT_DEG = 22.0, 15.0, 40.0
DOT_YAW_DEG, DOT_PITCH_DEG = 14.0, 11.0
"""How far the head looks for a dot at the edge of the picture."""

OPEN, CLOSED = 0.3, 0.04
BLINKS_S = ((0.2, 0.4), (0.9, 1.1))
AROUND_EYES = np.linspace(90, 150, 8).astype(np.float32)


def seen(
    sequence: int, at: float, pose: Pose | None = None, *, openness: float = OPEN, flat: bool = False
) -> FaceObservation:
    """A living head at ``pose``; a ``flat`` one is a print held so."""
    pose = pose or Pose()
    landmarks = print_at(pose) if flat else head_at(pose)
    eyes = Eyes(OPEN, OPEN, AROUND_EYES) if flat else Eyes(openness, openness, AROUND_EYES)
    return FaceObservation(sequence, at, 1, landmarks, 130.0, 200.0, eyes)


def nobody(sequence: int, at: float) -> FaceObservation:
    return FaceObservation(sequence, at, 0, None, 128.0, 100.0)


def obeying(sequence: int, at: float, asked: Acting, since: float) -> FaceObservation:
    """Somebody who does what has been asked for since ``since``, after a moment."""
    passed = at - since - REACTION_S
    if passed < 0:
        return seen(sequence, at)
    if asked.dot is not None:
        x, y = asked.dot
        return seen(sequence, at, Pose(yaw=-x * DOT_YAW_DEG, pitch=y * DOT_PITCH_DEG))
    moment = passed % ROUND_S
    if asked.action is FaceAction.BLINK:
        closed = any(begins <= moment < ends for begins, ends in BLINKS_S)
        return seen(sequence, at, openness=CLOSED if closed else OPEN)
    return seen(sequence, at, _pose(asked.action, moment, TURN_DEG))


def print_tilted(sequence: int, at: float, asked: Acting, since: float) -> FaceObservation:
    """Somebody who tilts a print of a face as the face is asked to move."""
    passed = max(0.0, at - since - REACTION_S)
    return seen(sequence, at, _pose(asked.action, passed % ROUND_S, PRINT_DEG), flat=True)


def _pose(action: FaceAction, moment: float, degrees: float) -> Pose:
    away = sin(pi * min(1.0, moment / 2.0))
    match action:
        case FaceAction.TURN_LEFT:
            return Pose(yaw=degrees * away)
        case FaceAction.TURN_RIGHT:
            return Pose(yaw=-degrees * away)
        case FaceAction.NOD:
            return Pose(pitch=min(degrees, NOD_DEG) * away)
        case _:
            return Pose(yaw=degrees * sin(2 * pi * moment / ROUND_S))
