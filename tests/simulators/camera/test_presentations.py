"""Every attacker and every citizen of a trial: drawn, repeatable, and moving as told with the means of its kind."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from kiosk.domain.face import FaceAction
from simulators.camera.band import Band
from simulators.camera.figure import Figure
from simulators.camera.head import find_landmarks
from simulators.camera.pose import Pose
from simulators.camera.presentations import GENUINE, SPECIES, Making, Presentation
from simulators.camera.renderer import Renderer
from simulators.portraits import Box, Image

EVERYBODY = {**SPECIES, **GENUINE}
FRAME_S = 0.08
INJECTED = ("still-image", "frozen-feed", "looped-feed")


def shown(
    presentation: Presentation, asked: FaceAction, moments: Sequence[float], until: float = 6.0
) -> list[tuple[Image, Image | None]]:
    """Frames of both cameras at ``moments``; asked from the first second on."""
    found = []
    for number in range(round(until / FRAME_S)):
        at = number * FRAME_S
        dot = (0.8, 0.6) if asked is FaceAction.FOLLOW_DOT else None
        presentation.ask(asked if at >= 1 else None, at, dot if at >= 1 else None)
        if any(abs(at - moment) < FRAME_S / 2 for moment in moments):
            found.append((presentation.frame(at, number), presentation.infrared(at, number)))
    return found


@pytest.mark.parametrize("kind", EVERYBODY)
def test_everybody_is_drawn_for_both_cameras(renderer: Renderer, kind: str) -> None:
    (frame, infrared), *_ = shown(EVERYBODY[kind](renderer, random.Random(3)), FaceAction.NOD, [2.0], 2.5)
    assert frame.shape == (480, 640, 3)
    assert frame.dtype == np.uint8
    assert infrared is not None
    assert infrared.shape == (480, 640)


@pytest.mark.parametrize("kind", EVERYBODY)
def test_the_same_random_numbers_give_the_same_pixels(renderer: Renderer, kind: str) -> None:
    one, other = (
        shown(EVERYBODY[kind](renderer, random.Random(7)), FaceAction.FOLLOW_DOT, [0.8, 3.04], 3.2) for _ in range(2)
    )
    for (frame, _), (again, _) in zip(one, other, strict=True):
        assert np.array_equal(frame, again)


@pytest.mark.parametrize("kind", [kind for kind in EVERYBODY if kind not in INJECTED])
def test_what_a_lens_sees_is_never_the_same_twice(renderer: Renderer, kind: str) -> None:
    presentation = EVERYBODY[kind](renderer, random.Random(5))
    frames = []
    for number in range(12):
        presentation.ask(None, number * FRAME_S)
        frames.append(presentation.frame(number * FRAME_S, number).tobytes())
    assert len(set(frames)) == len(frames)


def test_only_another_person_shows_a_face_that_is_not_the_cards(renderer: Renderer) -> None:
    for kind, make in EVERYBODY.items():
        presentation = make(renderer, random.Random(2))
        assert (presentation.portrait == presentation.victim) == (kind != "other-person"), kind


def of_half(make: Making, renderer: Renderer, moving: bool) -> Presentation:
    """The first of the kind of which two frames in a row do, or do not, differ."""
    for seed in range(20):
        frames = shown(make(renderer, random.Random(seed)), FaceAction.NOD, [0.16, 0.24], 0.4)
        if np.array_equal(frames[0][0], frames[1][0]) != moving:
            return make(renderer, random.Random(seed))
    pytest.fail("no such attacker among twenty")


def test_a_still_image_is_the_same_to_the_last_pixel_or_but_for_noise(renderer: Renderer) -> None:
    same = shown(of_half(SPECIES["still-image"], renderer, moving=False), FaceAction.BLINK, [0.8, 2.0, 4.0])
    assert all(np.array_equal(frame, same[0][0]) for frame, _ in same)
    noisy = shown(of_half(SPECIES["still-image"], renderer, moving=True), FaceAction.BLINK, [0.8, 2.0])
    apart = np.abs(noisy[0][0].astype(int) - noisy[1][0]).mean()
    assert 0 < apart < 3


def test_a_frozen_feed_lives_and_then_stands_still(renderer: Renderer) -> None:
    for seed in range(6):
        frames = [frame for frame, _ in shown(frozen(renderer, seed), FaceAction.TURN_LEFT, [0.08, 0.16, 4.0, 5.04])]
        assert not np.array_equal(frames[0], frames[1])
        assert np.array_equal(frames[2], frames[3])


def frozen(renderer: Renderer, seed: int) -> Presentation:
    return SPECIES["frozen-feed"](renderer, random.Random(seed))


def test_a_looped_feed_comes_again(renderer: Renderer) -> None:
    presentation = SPECIES["looped-feed"](renderer, random.Random(4))
    seen: list[bytes] = []
    for number in range(100):
        presentation.ask(FaceAction.NOD, number * FRAME_S)
        seen.append(presentation.frame(number * FRAME_S, number).tobytes())
    assert 12 < len(set(seen)) <= 60


def test_injected_pictures_are_not_before_the_infrared_camera(renderer: Renderer) -> None:
    for kind in INJECTED:
        ((_, infrared),) = shown(SPECIES[kind](renderer, random.Random(1)), FaceAction.NOD, [1.04], 1.2)
        assert infrared is not None
        assert infrared.max() < 100, kind


def test_infrared_shows_skin_with_texture_paper_pale_and_screens_black(renderer: Renderer) -> None:
    looks = {}
    for kind in ("plain", "flat-print", "screen-replay"):
        ((_, infrared),) = shown(EVERYBODY[kind](renderer, random.Random(3)), FaceAction.NOD, [0.8], 1.0)
        assert infrared is not None
        face = infrared[200:320, 260:380].astype(float)
        looks[kind] = face.mean(), face.std() / face.mean()
    assert looks["plain"][1] > 0.12
    assert looks["flat-print"][0] > 200
    assert looks["flat-print"][1] < 0.04
    assert looks["screen-replay"][0] < 30


def test_a_strip_is_drawn_over_the_eyes_and_away(renderer: Renderer) -> None:
    for seed in range(3):
        presentation = SPECIES["eye-bar"](renderer, random.Random(seed))
        places = renderer.sheet(presentation.portrait).places(Pose())
        x, y = places[[33, 159]].min(axis=0).astype(int)
        contrast = []
        for number in range(0, 30):
            presentation.ask(FaceAction.BLINK, number * FRAME_S)
            contrast.append(presentation.frame(number * FRAME_S, number)[y : y + 20, x : x + 150].std())
        assert min(contrast) < 0.75 * np.median(contrast), seed


def test_living_eyes_blink_behind_the_openings(renderer: Renderer) -> None:
    presentation = SPECIES["cut-eyes"](renderer, random.Random(2))
    pupils = [int((dark[190:300, 230:410] < 60).sum()) for dark in dark_side(presentation, FaceAction.BLINK, 40)]
    assert max(pupils) > 60
    assert min(pupils) < 0.5 * max(pupils)


def test_a_video_on_a_screen_repeats_its_pictures_and_moves_with_the_hand(renderer: Renderer) -> None:
    presentation = SPECIES["screen-replay"](renderer, random.Random(5))
    frames = [frame for frame, _ in shown(presentation, FaceAction.TURN_LEFT, [0.08, 3.04], 3.2)]
    edges = [np.argwhere(frame[:, 320].mean(axis=1) < 40)[0, 0] for frame in frames]
    assert edges[0] != edges[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_swapped_face_is_the_victims_only_part_of_the_time(renderer: Renderer, seed: int) -> None:
    presentation = SPECIES["face-swap"](renderer, random.Random(seed))
    paper = [dark[250:350, 280:360].min() > 150 for dark in dark_side(presentation, FaceAction.TURN_LEFT, 75, 5)]
    assert any(paper)
    assert not all(paper)


def dark_side(presentation: Presentation, asked: FaceAction, frames: int, every: int = 1) -> Iterator[Image]:
    """What the infrared camera sees in every ``every``-th frame; asked from the tenth on."""
    for number in range(frames):
        at = number * FRAME_S
        presentation.ask(asked if number >= 10 else None, at)
        infrared = presentation.infrared(at, number) if number % every == 0 else None
        if infrared is not None:
            yield infrared


def nose_shift(points: npt.NDArray[np.float64]) -> float:
    one, other = points[[33, 133]].mean(axis=0), points[[263, 362]].mean(axis=0)
    axis = other - one
    return float((points[1] - (one + other) / 2) @ axis / (axis @ axis))


def test_a_head_looks_aside_and_down_at_once(renderer: Renderer, models_dir: Path) -> None:
    figure: Figure = renderer.figure("astronaut")
    pose = Pose(yaw=12, pitch=10)
    told = figure.places(pose)
    frame = renderer.person("astronaut", pose, 0.0, renderer.hall(Band.VISIBLE), Band.VISIBLE)
    found = find_landmarks(frame, Box(210, 144, 220, 236), models_dir / "face_landmark.tflite")[:, :2]
    assert np.hypot(*(found - told).T).mean() < 6
    assert nose_shift(found) - nose_shift(figure.places(Pose())) > 0.1
