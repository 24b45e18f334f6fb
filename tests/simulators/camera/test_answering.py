"""A citizen hears what is asked, takes his time, and does it as far as he can."""

import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from kiosk.domain.face import FaceAction
from simulators.camera.answering import Answering, Manner
from simulators.camera.pose import Pose

Dot = tuple[float, float]
FRAME_S = 0.04


def answered(
    asked: FaceAction | None, seconds: float = 6.0, seed: int = 1, manner: Manner | None = None, dot: Dot | None = None
) -> list[tuple[float, Pose, float]]:
    """Moment, pose and lids of every frame; the asking begins after a second."""
    answering = Answering(manner or Manner(blink_every_s=(50.0, 60.0)), random.Random(seed))
    frames = []
    for number in range(round(seconds / FRAME_S)):
        at = number * FRAME_S
        answering.ask(asked if at >= 1.0 else None, at, dot if at >= 1.0 else None)
        frames.append((at, answering.pose(at), answering.lids(at)))
    return frames


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("action", "axis", "least", "most"),
    [
        (FaceAction.TURN_LEFT, lambda pose: pose.yaw, 15, 25),
        (FaceAction.TURN_RIGHT, lambda pose: -pose.yaw, 15, 25),
        (FaceAction.NOD, lambda pose: pose.pitch, 10, 16),
    ],
)
def test_a_citizen_moves_as_asked_after_his_own_time(
    seed: int, action: FaceAction, axis: Callable[[Pose], float], least: float, most: float
) -> None:
    frames = answered(action, 4.5, seed)
    moved = [(at, axis(pose)) for at, pose, _ in frames]
    begun = next(at for at, far in moved if far > 0.5)
    assert 1.6 <= begun < 2.8
    assert least - 0.5 < max(far for _, far in moved) <= most
    assert moved[-1][1] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("dot", "yaw", "pitch"), [((1.0, 0.0), -1, 0), ((-1.0, 0.5), 1, 0.5), ((0.0, -1.0), 0, -1)])
def test_a_head_goes_where_the_dot_stands_on_the_mirrored_picture(dot: Dot, yaw: float, pitch: float) -> None:
    last = answered(FaceAction.FOLLOW_DOT, dot=dot)[-1][1]
    reach = math.hypot(last.yaw, last.pitch) / math.hypot(yaw, pitch)
    assert 8 <= reach <= 14
    assert (last.yaw, last.pitch) == pytest.approx((yaw * reach, pitch * reach), abs=0.1)


def test_the_head_returns_when_the_dot_is_gone() -> None:
    answering = Answering(Manner(), random.Random(1))
    for number in range(100):
        asked = FaceAction.FOLLOW_DOT if number < 60 else None
        answering.ask(asked, number * 0.08, (1.0, 0.0) if asked else None)
    assert abs(answering.pose(8.0).yaw) < 0.1


def test_asked_for_a_blink_the_eyes_close_twice() -> None:
    lids = [lids for _, _, lids in answered(FaceAction.BLINK, 4.5)]
    assert sum(before < 0.5 <= after for before, after in pairwise(lids)) == 2


def test_who_cannot_blink_never_does() -> None:
    frames = answered(FaceAction.BLINK, 30.0, manner=Manner(blink_every_s=None))
    assert max(lids for _, _, lids in frames) == 0.0


def test_eyes_blink_by_themselves_every_few_seconds() -> None:
    lids = [lids for _, _, lids in answered(None, 60.0, manner=Manner())]
    closings = sum(before < 0.5 <= after for before, after in pairwise(lids))
    assert 10 <= closings <= 20


def test_who_is_still_asked_tries_again() -> None:
    frames = answered(FaceAction.TURN_LEFT, 12.0)
    far = [pose.yaw > 10 for _, pose, _ in frames]
    assert sum(before < after for before, after in pairwise(far)) >= 2


def test_what_is_asked_no_longer_is_not_begun() -> None:
    answering = Answering(Manner(), random.Random(1))
    for number in range(100):
        answering.ask(FaceAction.TURN_LEFT if 0.4 <= number * 0.04 < 0.8 else None, number * 0.04)
        assert answering.pose(number * 0.04).yaw == 0.0
