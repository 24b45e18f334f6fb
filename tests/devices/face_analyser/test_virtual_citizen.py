"""End to end: rendered people and prints, the real worker, the real decision."""

from collections.abc import Iterator

import pytest

from devices.face_analyser.embedded.driver import EmbeddedFaceAnalyser
from devices.face_analyser.embedded.settings import EmbeddedFaceSettings
from kiosk.domain.face import FaceComparison, FaceObservation, TurnDirection
from kiosk.face.matching import decide
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import NotProven, NotProvenReason, Proven, Turning
from kiosk.face.trace import Trace, begin, observe
from kiosk.ports.face_analyser import Distances, ReferenceReady
from simulators.camera.pose import Side
from simulators.camera.world import World
from tests.devices.face_analyser.pictures import FPS, chip, frame, hall, require_models

LEFT, RIGHT = TurnDirection.LEFT, TurnDirection.RIGHT
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
    asked: TurnDirection,
    degrees: float,
    settings: FaceSettings | None = None,
) -> Trace:
    """One session; whoever is there turns towards the asked side whenever asked, every 3.5 seconds."""
    trace, turned_at = begin(settings or FaceSettings(), asked, 0.0), float("-inf")
    for sequence in range(1, _LONGEST_S * FPS):
        at = sequence / FPS
        if isinstance(trace.stage, Turning) and at - turned_at > 3.5:
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
    comparison = decide(distances, FaceSettings())
    assert comparison is not None
    return comparison


@pytest.mark.parametrize(("portrait", "asked"), [("astronaut", LEFT), ("hopper", RIGHT)])
def test_a_person_who_turns_is_proven_and_matches_the_own_chip_picture(
    analyser: EmbeddedFaceAnalyser, portrait: str, asked: TurnDirection
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
        assert trace.stage.reason is NotProvenReason.FLAT
