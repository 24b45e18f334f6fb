"""The frames the decoders are judged by do not change, and each can be read by nothing but its code."""

import hashlib
from pathlib import Path

import numpy as np

from benchmarks import code_frames
from benchmarks.code_frames import EMPTY_KINDS, HEIGHT, KINDS, WIDTH, frames_with_code, frames_without_code

FROZEN = "93bc07c73cb44971cc09180be86f49b6969d09bf62f2624fb18230a9d867bf96"


def test_the_generator_is_frozen() -> None:
    """Whoever must change it measures every decoder anew, on seeds nobody has looked at, and says so."""
    assert hashlib.sha256(Path(code_frames.__file__).read_bytes()).hexdigest() == FROZEN


def test_frames_follow_from_the_seed() -> None:
    first, again, other = (list(frames_with_code(seed, 1)) for seed in (5, 5, 6))
    assert [frame.kind for frame in first] == list(KINDS)
    assert {frame.pixels.shape for frame in first} == {(HEIGHT, WIDTH)}
    for one, same, another in zip(first, again, other, strict=True):
        assert np.array_equal(one.pixels, same.pixels)
        assert one.text == same.text
        assert one.text != another.text


def test_frames_without_a_code_are_many_and_name_none() -> None:
    frames = list(frames_without_code(5, 1))
    assert [frame.kind for frame in frames] == list(EMPTY_KINDS)
    assert len(EMPTY_KINDS) * code_frames.PER_EMPTY_KIND >= 100
    assert all(frame.text is None for frame in frames)
