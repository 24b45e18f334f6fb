"""No movement of a sheet is ever proven, flat or rolled, whatever it does and however the mesh trembles on it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.face import FaceAction, Landmarks
from kiosk.face.stages import Proven
from tests.kiosk.face.heads import Pose, bent_at, play, print_at

sides = st.sampled_from((FaceAction.TURN_LEFT, FaceAction.TURN_RIGHT))
poses = st.builds(
    Pose,
    yaw=st.floats(-55, 55),
    pitch=st.floats(-40, 40),
    roll=st.floats(-15, 15),
    near=st.floats(0.9, 1.3),
    dx=st.floats(-60, 60),
    dy=st.floats(-40, 40),
)
sheets = st.fixed_dictionaries(
    {
        "stops": st.lists(poses, min_size=2, max_size=6),
        "pace": st.floats(0.3, 1.5),
        "camera": st.floats(3.0, 12.0),
        "mesh_follows": st.booleans(),
        "noise": st.floats(0, 0.012),
        "direction": sides,
    }
)


def moving(stops: list[Pose], pace: float, camera: float, mesh_follows: bool) -> Callable[[float | None], Landmarks]:
    """Still until the turn is asked, then from stop to stop, back to the front between any two."""
    route = [pose for stop in stops for pose in (Pose(), stop)]

    def landmarks(seconds: float | None) -> Landmarks:
        place = 0.0 if seconds is None else seconds / pace
        here, there = route[int(place) % len(route)], route[(int(place) + 1) % len(route)]
        part = place % 1
        mixed = (
            a * (1 - part) + b * part
            for a, b in zip(
                (here.yaw, here.pitch, here.roll, here.near, here.dx, here.dy),
                (there.yaw, there.pitch, there.roll, there.near, there.dx, there.dy),
                strict=True,
            )
        )
        return print_at(Pose(*mixed), camera, mesh_follows)

    return landmarks


def never_proven(sheet: dict[str, object]) -> None:
    landmarks = moving(sheet["stops"], sheet["pace"], sheet["camera"], sheet["mesh_follows"])  # type: ignore[arg-type]
    traces = play(landmarks, sheet["direction"], noise=sheet["noise"], seconds=15)  # type: ignore[arg-type]
    assert not any(isinstance(trace.stage, Proven) for trace in traces)


@given(sheets)
@settings(max_examples=25)
def test_flat_is_never_proven(sheet: dict[str, object]) -> None:
    never_proven(sheet)


@pytest.mark.nightly
@given(sheets)
@settings(max_examples=1500)
def test_flat_is_never_proven_at_length(sheet: dict[str, object]) -> None:
    never_proven(sheet)


tubes = st.fixed_dictionaries(
    {
        "half_angle": st.floats(15, 70),
        "axis": st.floats(-90, 90),
        "yaw": st.floats(10, 45),
        "pitch": st.floats(-20, 20),
        "roll": st.floats(-20, 20),
    }
)
noises = st.floats(0, 0.006)


def bent_is_never_proven(tube: dict[str, float], direction: FaceAction, noise: float) -> None:
    """The sheet turns as asked, again and again, with whatever tilt goes with it."""
    side = 1 if direction is FaceAction.TURN_LEFT else -1

    def landmarks(seconds: float | None) -> Landmarks:
        part = 0.0 if seconds is None else abs(np.sin(seconds))
        pose = Pose(side * tube["yaw"] * part, tube["pitch"] * part, tube["roll"] * part)
        return bent_at(pose, tube["half_angle"], tube["axis"])

    assert not any(isinstance(trace.stage, Proven) for trace in play(landmarks, direction, noise=noise, seconds=15))


@given(tubes, sides, noises)
@settings(max_examples=20)
def test_bent_is_never_proven(tube: dict[str, float], direction: FaceAction, noise: float) -> None:
    bent_is_never_proven(tube, direction, noise)


@pytest.mark.nightly
@given(tubes, sides, noises)
@settings(max_examples=1000)
def test_bent_is_never_proven_at_length(tube: dict[str, float], direction: FaceAction, noise: float) -> None:
    bent_is_never_proven(tube, direction, noise)


@given(
    st.lists(st.floats(-0.12, 0.12), min_size=6, max_size=6),
    sides,
)
@settings(max_examples=20)
def test_arbitrary_homographies_are_never_proven(warp: list[float], direction: FaceAction) -> None:
    """Not only sheets in space: any projective map of the printed points, blended in and out."""
    frontal = print_at(Pose()).astype(np.float64)

    def landmarks(seconds: float | None) -> Landmarks:
        amount = 0.0 if seconds is None else abs(np.sin(seconds))
        a, b, c, d, g, h = (amount * value for value in warp)
        x, y = (frontal[:, 0] - 320) / 200, (frontal[:, 1] - 240) / 200
        depth = 1 + g * x + h * y
        mapped = np.column_stack([(x + a * x + b * y) / depth, (y + c * x + d * y) / depth]) * 200 + (320, 240)
        return np.column_stack([mapped, frontal[:, 2]]).astype(np.float32)

    assert not any(isinstance(trace.stage, Proven) for trace in play(landmarks, direction, seconds=15))
