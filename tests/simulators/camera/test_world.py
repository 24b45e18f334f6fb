"""The world before the camera as a function of time."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.camera.pose import Blink, Nod, Side, Turn, held_by_hand, standing
from simulators.camera.screen import TABLET
from simulators.camera.world import RECORDING, USUAL_METRES, Scene, Subject, World

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


def test_a_nod_goes_down_and_comes_back() -> None:
    nod = Nod(15, 10.0, 2.0)
    path = [nod.pose(10.0 + part / 50).pitch for part in range(101)]
    assert path[0] == pytest.approx(0, abs=1e-3)
    assert path[50] == pytest.approx(15)
    assert path[100] == pytest.approx(0, abs=1e-3)
    assert path[:51] == sorted(path[:51])
    assert path[50:] == sorted(path[50:], reverse=True)


def test_who_nods_turns_no_more() -> None:
    world = World("hopper")
    world.turn(Side.LEFT, 20, 2.0, now=0.0)
    world.nod(15, 2.0, now=0.0)
    pose = world.scene(1.0).pose
    assert abs(pose.yaw) < 1.5
    assert pose.pitch > 13


@pytest.mark.parametrize("times", [1, 3])
def test_eyes_close_as_often_as_asked_and_stay_open(times: int) -> None:
    blink = Blink(times, 10.0, 1.5)
    path = [blink.lids(10.0 + part * 0.01) for part in range(-10, 200)]
    closings = sum(before < 0.5 <= after for before, after in pairwise(path))
    assert closings == times
    assert max(path) == 1.0
    assert path[:10] == [0.0] * 10
    assert path[160:] == [0.0] * 50


def test_a_head_looks_after_a_dot_and_stays_there() -> None:
    world = World("hopper")
    world.look(-12, 9, 1.0, now=10.0)
    for at in (11.0, 15.0):
        pose = world.scene(at).pose
        assert pose.yaw == pytest.approx(-12, abs=1.5)
        assert pose.pitch == pytest.approx(9, abs=1.5)
    world.look(0, 0, 1.0, now=20.0)
    assert abs(world.scene(21.0).pose.yaw) < 1.5


def test_a_screen_plays_its_video_again_and_again() -> None:
    world = World()
    world.screen("hopper", TABLET, now=100.0)
    once = [world.scene(100.01 + part / 5).video for part in range(round(RECORDING.seconds * 5))]
    again = [world.scene(100.01 + RECORDING.seconds + part / 5).video for part in range(len(once))]
    assert again == once
    assert max(video.pose.yaw for video in once) > 15
    assert min(video.pose.yaw for video in once) < -15
    assert max(video.pose.pitch for video in once) > 10
    assert max(video.lids for video in once) == 1.0


def test_somebody_steps_beside_and_leaves() -> None:
    world = World("hopper")
    assert world.scene(0.0).companion is None
    world.beside("astronaut", now=10.0)
    together = world.scene(11.0)
    assert together.companion is not None
    assert together.companion.portrait == "astronaut"
    assert together.companion.pose.dx - together.pose.dx > 220
    assert 0.8 < together.companion.pose.scale / together.pose.scale < 1
    world.beside(None, now=20.0)
    alone = world.scene(21.0)
    assert alone.companion is None
    assert abs(alone.pose.dx) < 4


def test_nobody_jumps_when_company_comes_or_goes() -> None:
    world = World("hopper")
    for start, portrait in ((0.0, "astronaut"), (0.3, None), (0.5, "astronaut")):
        before = world.scene(start)
        world.beside(portrait, now=start)
        after = world.scene(start + 0.001)
        assert after.pose.dx == pytest.approx(before.pose.dx, abs=0.5)


def test_nearer_is_larger_and_takes_its_time() -> None:
    world = World("hopper")
    world.distance(0.3, 2.0, now=10.0)
    scales = [world.scene(10.0 + part / 10).pose.scale for part in range(0, 31, 5)]
    assert scales[0] == pytest.approx(1.0, abs=0.01)
    assert scales == sorted(scales[:5]) + [pytest.approx(USUAL_METRES / 0.3, abs=0.02)] * 2
    world.distance(0.9, 0, now=20.0)
    assert world.scene(20.0).pose.scale == pytest.approx(USUAL_METRES / 0.9, abs=0.01)


def test_light_stays_whoever_comes_and_the_rest_goes() -> None:
    world = World("hopper")
    world.light(0.1)
    world.beside("astronaut", now=0.0)
    world.phone("text", now=0.0)
    world.distance(0.4, 0, now=0.0)
    world.blink(1, 60, now=0.0)
    comings: list[Callable[[], None]] = [
        partial(world.person, "hopper"),
        partial(world.photo, "hopper"),
        world.nobody,
    ]
    for come in comings:
        come()
        scene = world.scene(20.0)
        assert (scene.light, scene.companion, scene.phone, scene.lids) == (0.1, None, None, 0.0)
        assert scene.pose.scale == pytest.approx(1.0, abs=0.03)


def test_a_phone_is_raised_and_put_away() -> None:
    world = World("hopper")
    world.phone("YL-1", now=0.0)
    begun, raised = world.scene(0.1).phone, world.scene(1.0).phone
    assert begun is not None
    assert raised is not None
    assert raised.text == "YL-1"
    assert raised.pose.dy < begun.pose.dy - 100
    world.phone(None, now=2.0)
    assert world.scene(2.1).phone is not None
    assert world.scene(3.0).phone is None


@pytest.mark.parametrize("come", [World.nobody, lambda world: world.photo("hopper")])
def test_only_the_living_blink_have_company_and_hold_phones(come: Callable[[World], None]) -> None:
    world = World("hopper")
    come(world)
    acts: list[Callable[[], None]] = [
        partial(world.blink, 1, 1, now=0.0),
        partial(world.beside, "astronaut", now=0.0),
        partial(world.phone, "text", now=0.0),
    ]
    for ask in acts:
        with pytest.raises(ValueError, match="no living person"):
            ask()


def test_an_empty_hall_neither_nods_nor_comes_nearer_but_can_be_dark() -> None:
    world = World()
    with pytest.raises(ValueError, match="nobody"):
        world.nod(10, 1, now=0.0)
    with pytest.raises(ValueError, match="nobody"):
        world.distance(0.5, 1, now=0.0)
    world.light(0.5)
    assert world.scene(1.0) == Scene(Subject.NOBODY, "", world.scene(2.0).pose, light=0.5)


NAN = float("nan")


@pytest.mark.parametrize(
    "ask",
    [
        *(partial(World.nod, degrees=degrees, seconds=2.0, now=0.0) for degrees in (0, -5, 21, NAN)),
        *(partial(World.nod, degrees=10, seconds=seconds, now=0.0) for seconds in (0.1, 61, NAN)),
        *(partial(World.blink, times=times, seconds=2.0, now=0.0) for times in (0, -1, 14, 21)),
        *(partial(World.blink, times=1, seconds=seconds, now=0.0) for seconds in (0.1, 61, NAN)),
        *(partial(World.distance, metres=metres, seconds=1.0, now=0.0) for metres in (0.2, 1.1, NAN)),
        *(partial(World.distance, metres=0.5, seconds=seconds, now=0.0) for seconds in (-1, 61, NAN)),
        *(partial(World.light, level=level) for level in (0, 11, NAN)),
        *(partial(World.look, yaw=yaw, pitch=0, seconds=1.0, now=0.0) for yaw in (21, -21, NAN)),
        *(partial(World.look, yaw=0, pitch=pitch, seconds=1.0, now=0.0) for pitch in (16, -16, NAN)),
        *(partial(World.look, yaw=0, pitch=0, seconds=seconds, now=0.0) for seconds in (-1, 61, NAN)),
        *(partial(World.bent, portrait="hopper", half_angle=angle, axis=0) for angle in (10, 71, NAN)),
        *(partial(World.bent, portrait="hopper", half_angle=30, axis=axis) for axis in (91, NAN)),
        partial(World.beside, portrait="hopper", now=0.0),
        partial(World.phone, text="", now=0.0),
    ],
)
def test_what_no_citizen_can_do_is_refused_and_changes_nothing(ask: Callable[[World], None]) -> None:
    world = World("hopper")
    with pytest.raises(ValueError, match=r"degrees|seconds|times|metres|level|already|text|angle|axis"):
        ask(world)
    assert world.scene(1.0) == World("hopper").scene(1.0)
