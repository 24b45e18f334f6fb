"""The world before the camera as a function of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.camera.pose import Side, Turn, held_by_hand, standing
from simulators.camera.world import Scene, Subject, World

moments = st.floats(0, 100_000)


@given(moments)
def test_a_standing_person_moves_a_little_and_never_far(at: float) -> None:
    pose = standing(at)
    assert abs(pose.yaw) < 1.5
    assert abs(pose.pitch) < 1.5
    assert abs(pose.dx) < 4
    assert abs(pose.dy) < 4
    assert abs(pose.scale - 1) < 0.01


@given(moments)
def test_nobody_holds_quite_still(at: float) -> None:
    assert standing(at) != standing(at + 0.04)
    assert held_by_hand(at) != held_by_hand(at + 0.04)


@given(st.sampled_from(Side), st.floats(1, 28), st.floats(0.2, 10), st.floats(0, 1000))
def test_a_turn_goes_out_to_its_angle_and_comes_back(side: Side, degrees: float, seconds: float, start: float) -> None:
    turn = Turn(side, degrees, start, seconds)
    sign = 1 if side is Side.LEFT else -1
    path = [sign * turn.pose(start + seconds * part / 100).yaw for part in range(101)]
    assert path[0] == pytest.approx(0, abs=1e-3)
    assert path[50] == pytest.approx(degrees)
    assert path[100] == pytest.approx(0, abs=1e-3)
    assert path[:51] == sorted(path[:51])
    assert path[50:] == sorted(path[50:], reverse=True)


def test_the_citizens_own_left_is_the_pictures_right() -> None:
    world = World("hopper")
    world.turn(Side.LEFT, 20, 2.0, now=10.0)
    assert world.scene(11.0).pose.yaw > 18
    world.turn(Side.RIGHT, 20, 2.0, now=20.0)
    assert world.scene(21.0).pose.yaw < -18
    assert abs(world.scene(22.1).pose.yaw) < 1.5


def test_a_print_turns_as_a_print() -> None:
    world = World()
    world.photo("hopper")
    world.turn(Side.LEFT, 45, 2.0, now=0.0)
    scene = world.scene(1.0)
    assert scene.subject is Subject.PHOTO
    assert scene.pose.yaw > 40


def test_who_comes_anew_does_not_go_on_turning() -> None:
    world = World("hopper")
    world.turn(Side.LEFT, 20, 2.0, now=0.0)
    world.person("astronaut")
    scene = world.scene(1.0)
    assert (scene.subject, scene.portrait) == (Subject.PERSON, "astronaut")
    assert abs(scene.pose.yaw) < 1.5


def test_an_empty_hall_cannot_turn() -> None:
    world = World("hopper")
    world.nobody()
    assert world.scene(5.0) == Scene(Subject.NOBODY, "", world.scene(6.0).pose)
    with pytest.raises(ValueError, match="nobody"):
        world.turn(Side.LEFT, 20, 2.0, now=0.0)


@pytest.mark.parametrize(("degrees", "seconds"), [(0, 2), (-5, 2), (29, 2), (float("nan"), 2), (20, 0.1), (20, 61)])
def test_turns_no_neck_can_do_are_refused(degrees: float, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"degrees|seconds"):
        World("hopper").turn(Side.LEFT, degrees, seconds, now=0.0)
