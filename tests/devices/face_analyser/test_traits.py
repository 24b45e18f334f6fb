import numpy as np
import pytest

from devices.face_analyser.embedded import traits
from devices.face_analyser.embedded.bezel import bezel_share
from devices.face_analyser.embedded.pattern import pattern_strength
from devices.face_analyser.embedded.traits import TraitsOfFrames
from kiosk.domain.face import Landmarks
from tests.devices.face_analyser.pictures import Image


def grain(number: int) -> Image:
    return np.random.default_rng(number).normal(120, 3, (480, 640, 3)).astype(np.uint8)


def box_of_landmarks(left: int, top: int, right: int, bottom: int) -> Landmarks:
    """As many points as a mesh has, at random in the box and in two of its corners."""
    points = np.random.default_rng(1).uniform((left, top, 0), (right, bottom, 1), (468, 3)).astype(np.float32)
    points[0, :2], points[1, :2] = (left, top), (right, bottom)
    return points


FACE = box_of_landmarks(230, 140, 410, 340)


def test_only_the_newest_frames_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traits, "_REMEMBERED", 3)
    frames = TraitsOfFrames()
    came = [frames.measure(grain(number), None).repeated for number in (0, 1, 2, 0, 3, 0, 1)]
    assert came == [False, False, False, True, False, False, False]


@pytest.mark.parametrize("period", [3, 5, 9])
def test_a_faint_grid_stands_out_of_grain(period: int) -> None:
    plain = grain(1)
    grid = plain.copy()
    grid[:, ::period] += 12
    strengths = [pattern_strength(image, FACE) for image in (plain, grid)]
    assert strengths[0] is not None
    assert strengths[1] is not None
    assert strengths[0] < 2
    assert strengths[1] > 4


def test_the_blocks_of_a_cameras_jpeg_are_no_pattern() -> None:
    blocks = grain(1)
    blocks[::8] += 12
    blocks[:, ::8] += 12
    strength = pattern_strength(blocks, FACE)
    assert strength is not None
    assert strength < 2


def test_a_small_or_cut_off_face_has_no_pattern_to_tell() -> None:
    assert pattern_strength(grain(1), box_of_landmarks(300, 200, 340, 250)) is None
    assert pattern_strength(grain(1), box_of_landmarks(600, 100, 900, 400)) is None


def test_a_rectangle_about_the_face_is_a_bezel_and_one_beside_it_is_none() -> None:
    around, beside, lower_half = grain(1), grain(1), grain(1)
    around[60:420, 180:470] += 60
    beside[60:300, 20:150] += 60
    lower_half[60:, 180:470] += 60
    assert bezel_share(around, FACE) > 0.9
    assert bezel_share(lower_half, FACE) == pytest.approx(0.75, abs=0.1)
    assert bezel_share(beside, FACE) < 0.4
    assert bezel_share(grain(1), FACE) < 0.1


def test_forgetting_overwrites_the_last_backdrop() -> None:
    frames = TraitsOfFrames()
    frames.measure(grain(1), FACE)
    last = frames._backdrop._last
    assert last is not None
    assert last.any()
    frames.forget()
    assert not last.any()
    assert frames.measure(grain(1), FACE).backdrop is None
