"""Blinks in a row of observations, and everything that looks like one and is none."""

from collections.abc import Iterable

import numpy as np
import pytest

from kiosk.domain.face import Eyes, FaceObservation
from kiosk.face.blinks import Blink, find_blinks
from kiosk.face.settings import FaceSettings
from tests.kiosk.face.heads import FPS, Pose, eyes, head_at, observation

SETTINGS = FaceSettings()
OPEN, SHUT = 0.32, 0.05


def row(openness: Iterable[float], *, cover: float = 0.0, pitch: float = 0.0) -> tuple[FaceObservation, ...]:
    """Two seconds of open eyes, then these; ``cover`` and ``pitch`` come with every closing."""
    values = [*[OPEN] * (2 * FPS), *openness, *[OPEN] * FPS]
    return tuple(
        observation(
            number,
            head_at(Pose(pitch=pitch if value < 0.5 * OPEN else 0.0)),
            eyes=eyes(value, cover if value < 0.5 * OPEN else 0.0),
        )
        for number, value in enumerate(values, start=1)
    )


def blinks(*openness: float, cover: float = 0.0, pitch: float = 0.0) -> tuple[Blink, ...]:
    return find_blinks(row(openness, cover=cover, pitch=pitch), SETTINGS)


@pytest.mark.parametrize("frames", [2, 5, 9, 29])
def test_lids_that_close_and_open_are_a_blink(frames: int) -> None:
    (blink,) = blinks(*[SHUT] * frames)
    assert (blink.frame, blink.until) == (41, 41 + frames)
    assert blink.seconds == pytest.approx(frames / FPS)
    assert blink.depth == pytest.approx(SHUT / OPEN, abs=0.01)


def test_every_blink_is_counted_once() -> None:
    assert len(blinks(*[SHUT, SHUT, SHUT, OPEN, OPEN] * 4)) == 4


def test_half_open_between_belongs_to_the_same_blink() -> None:
    assert len(blinks(SHUT, SHUT, 0.6 * OPEN, SHUT, SHUT)) == 1


@pytest.mark.parametrize(
    "openness",
    [
        [0.6 * OPEN] * 4,
        [SHUT] * 1,
        [SHUT] * 40,
    ],
    ids=["only narrowed", "one frame", "two seconds"],
)
def test_what_is_too_little_too_short_or_too_long_is_none(openness: list[float]) -> None:
    assert blinks(*openness) == ()


@pytest.mark.parametrize("cover", [0.25, -0.3])
def test_what_changes_the_skin_around_the_eyes_is_none(cover: float) -> None:
    """A bar, a finger, a paper, darker or lighter than the face."""
    assert blinks(*[SHUT] * 5, cover=cover) == ()


def test_a_little_change_around_is_lids_that_move() -> None:
    assert len(blinks(*[SHUT] * 5, cover=0.08)) == 1


def test_eyes_that_narrow_because_the_head_nods_are_none() -> None:
    assert blinks(SHUT, SHUT, SHUT, pitch=0.0) != ()
    nodding = list(row([SHUT] * 5))
    for place in range(42, 45):
        nodding[place] = observation(place + 1, head_at(Pose(pitch=20)), eyes=eyes(SHUT))
    assert find_blinks(tuple(nodding), SETTINGS) == ()


def test_one_eye_alone_is_a_wink() -> None:
    winking = list(row([]))
    for place in range(40, 45):
        around = eyes().around
        winking[place] = observation(place + 1, head_at(Pose()), eyes=Eyes(SHUT, OPEN, around))
    assert find_blinks(tuple(winking), SETTINGS) == ()


def test_brighter_light_changes_nothing() -> None:
    lit = list(row([SHUT] * 5))
    for place in range(40, 45):
        brighter = Eyes(SHUT, SHUT, np.asarray(eyes().around * 1.4, np.float32))
        lit[place] = observation(place + 1, head_at(Pose()), eyes=brighter, brightness=130 * 1.4)
    assert len(find_blinks(tuple(lit), SETTINGS)) == 1


def test_narrow_eyes_are_measured_by_their_own_usual() -> None:
    narrow = tuple(
        observation(n, head_at(Pose()), eyes=eyes(0.04 if 45 <= n < 50 else 0.16)) for n in range(1, 4 * FPS)
    )
    assert len(find_blinks(narrow, SETTINGS)) == 1


def test_eyes_too_narrow_to_see_them_close_tell_nothing() -> None:
    slits = tuple(observation(n, head_at(Pose()), eyes=eyes(0.02 if 45 <= n < 50 else 0.1)) for n in range(1, 4 * FPS))
    assert find_blinks(slits, SETTINGS) == ()


def test_without_eyes_there_are_no_blinks() -> None:
    assert find_blinks(tuple(observation(n, head_at(Pose())) for n in range(1, 40)), SETTINGS) == ()
    assert find_blinks((), SETTINGS) == ()
