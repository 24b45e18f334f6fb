"""End to end: rendered people and prints, the real worker, the real decision."""

from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceAction, FaceComparison, FaceObservation, Landmarks
from kiosk.domain.picture import Frame
from kiosk.face.geometry import shape_of
from kiosk.face.matching import decide
from kiosk.face.quality import placement_hint
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import SPOOFS, Acting, Hint, NotProven, Proven
from kiosk.face.trace import Trace, begin, observe
from kiosk.ports.face_analyser import Distances, ReferenceReady
from simulators.camera.pose import Side
from simulators.camera.world import World
from tests.devices.face_analyser.pictures import FPS, chip, frame, hall, picture, require_models

LEFT, RIGHT = FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT
SIDES = {LEFT: Side.LEFT, RIGHT: Side.RIGHT}
_LONGEST_S = 40


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedFaceAnalyser]:
    driver = EmbeddedFaceAnalyser(EmbeddedFaceSettings(models=require_models()))
    yield driver
    driver.close()


@pytest.fixture
def analyser(running: EmbeddedFaceAnalyser) -> Iterator[EmbeddedFaceAnalyser]:
    yield running
    running.forget()


def session(
    analyser: EmbeddedFaceAnalyser,
    world: World,
    asked: FaceAction,
    degrees: float,
    settings: FaceSettings | None = None,
) -> Trace:
    """One session; whoever is there turns towards the asked side whenever asked, every 3.5 seconds."""
    trace, turned_at = begin(settings or FaceSettings(), (asked,), 0.0), float("-inf")
    for sequence in range(1, _LONGEST_S * FPS):
        at = sequence / FPS
        if isinstance(trace.stage, Acting) and at - turned_at > 3.5:
            world.turn(SIDES[asked], degrees, 3.0, at)
            turned_at = at
        seen = analyser.observe(frame(sequence, hall().frame(world.scene(at), sequence)))
        assert isinstance(seen, FaceObservation), seen
        trace = observe(trace, seen)
        if trace.ended:
            break
    return trace


def compared(analyser: EmbeddedFaceAnalyser, trace: Trace) -> FaceComparison:
    assert isinstance(trace.stage, Proven), trace.stage
    distances = analyser.compare(trace.stage.frames)
    assert isinstance(distances, Distances)
    assert len(distances.values) == 5
    comparison = decide(distances, FaceSettings(), trace.stage.result, None)
    assert comparison is not None
    return comparison


@pytest.mark.parametrize(("portrait", "asked"), [("astronaut", LEFT), ("hopper", RIGHT)])
def test_a_person_who_turns_is_proven_and_matches_the_own_chip_picture(
    analyser: EmbeddedFaceAnalyser, portrait: str, asked: FaceAction
) -> None:
    assert isinstance(analyser.set_reference(chip(portrait)), ReferenceReady)
    comparison = compared(analyser, session(analyser, World(portrait), asked, 20))
    assert comparison.matched
    assert comparison.distance < 0.4


@pytest.mark.parametrize(("portrait", "reference"), [("astronaut", "hopper"), ("hopper", "astronaut")])
def test_another_persons_chip_picture_does_not_match(
    analyser: EmbeddedFaceAnalyser, portrait: str, reference: str
) -> None:
    assert isinstance(analyser.set_reference(chip(reference)), ReferenceReady)
    comparison = compared(analyser, session(analyser, World(portrait), LEFT, 15))
    assert not comparison.matched
    assert comparison.distance > 0.6


@pytest.mark.parametrize(("portrait", "degrees"), [("hopper", 15), ("hopper", 30), ("astronaut", 48)])
def test_a_print_of_the_right_person_is_never_proven(
    analyser: EmbeddedFaceAnalyser, portrait: str, degrees: float
) -> None:
    world = World()
    world.photo(portrait)
    trace = session(analyser, world, RIGHT, degrees, FaceSettings(try_s=5.0, tries=1))
    assert isinstance(trace.stage, NotProven)
    if degrees >= 30:
        assert trace.stage.reason in SPOOFS


_sequence = count(1)


@pytest.fixture(params=["hopper", "astronaut"])
def portrait(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(portrait: str) -> World:
    return World(portrait)


def seen(analyser: EmbeddedFaceAnalyser, world: World, at: float) -> FaceObservation:
    """What a fresh look at ``at`` tells: a second after the one before, whose face is no longer followed."""
    number = next(_sequence)
    observation = analyser.observe(Frame(number, float(number), picture(hall().frame(world.scene(at), number))))
    assert isinstance(observation, FaceObservation), observation
    return observation


def points(observation: FaceObservation) -> Landmarks:
    assert observation.landmarks is not None
    return observation.landmarks


def openness(observation: FaceObservation) -> float:
    """Of the eye that is wider open."""
    assert observation.eyes is not None
    return max(observation.eyes.right, observation.eyes.left)


def hint(observation: FaceObservation) -> Hint | None:
    shape = None if observation.landmarks is None else shape_of(observation.landmarks)
    return placement_hint(observation, shape, FaceSettings())


def test_a_nod_is_a_change_of_pitch_and_of_nothing_else(analyser: EmbeddedFaceAnalyser, world: World) -> None:
    world.nod(10, 2.0, now=10.0)
    before, down, after = (shape_of(points(seen(analyser, world, at))) for at in (9.9, 11.0, 12.1))
    assert down.pitch - before.pitch > 8
    assert after.pitch == pytest.approx(before.pitch, abs=3.0)
    assert down.yaw == pytest.approx(before.yaw, abs=3.0)


def test_a_deep_nod_brings_the_hint_to_raise_the_chin(analyser: EmbeddedFaceAnalyser, world: World) -> None:
    world.nod(20, 2.0, now=10.0)
    assert hint(seen(analyser, world, 11.0)) is Hint.CHIN_UP


def test_a_blink_narrows_the_eyes_and_opens_them_again(analyser: EmbeddedFaceAnalyser, world: World) -> None:
    world.blink(1, 1.5, now=10.0)
    before, closed, after = (openness(seen(analyser, world, at)) for at in (9.9, 10.5, 11.6))
    assert closed < 0.5 * before
    assert after == pytest.approx(before, rel=0.1)


def test_company_is_seen_and_asked_to_leave(analyser: EmbeddedFaceAnalyser, portrait: str, world: World) -> None:
    world.beside("astronaut" if portrait == "hopper" else "hopper", now=10.0)
    for at in (11.0, 14.0, 17.0):
        together = seen(analyser, world, at)
        assert together.faces == 2
        assert hint(together) is Hint.ONE_PERSON
    world.beside(None, now=20.0)
    alone = seen(analyser, world, 21.0)
    assert (alone.faces, hint(alone)) == (1, None)


@pytest.mark.parametrize(("metres", "expected"), [(0.3, Hint.FURTHER), (0.4, None), (0.7, None), (0.9, Hint.NEARER)])
def test_the_eyes_stand_apart_as_the_distance_tells(
    analyser: EmbeddedFaceAnalyser, world: World, metres: float, expected: Hint | None
) -> None:
    usual = shape_of(points(seen(analyser, world, 5.0))).eye_distance
    world.distance(metres, 0, now=5.0)
    moved = seen(analyser, world, 5.0)
    assert shape_of(points(moved)).eye_distance / usual == pytest.approx(0.6 / metres, rel=0.05)
    assert hint(moved) is expected


@pytest.mark.parametrize(("level", "expected"), [(0.05, Hint.LIGHTER), (0.4, None), (1.0, None), (8.0, Hint.DARKER)])
def test_the_light_of_the_hall_is_the_brightness_of_the_face(
    analyser: EmbeddedFaceAnalyser, world: World, level: float, expected: Hint | None
) -> None:
    usual = seen(analyser, world, 5.0).brightness
    world.light(level)
    lit = seen(analyser, world, 5.0)
    assert np.sign(round(lit.brightness - usual)) == np.sign(level - 1.0)
    assert hint(lit) is expected


def test_the_same_person_is_matched_in_half_the_light_and_nearer(
    analyser: EmbeddedFaceAnalyser, portrait: str, world: World
) -> None:
    world.light(0.5)
    world.distance(0.45, 0, now=0.0)
    assert isinstance(analyser.set_reference(chip(portrait)), ReferenceReady)
    assert compared(analyser, session(analyser, world, LEFT, 20)).matched
