from math import cos, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.face.geometry import RIGID, mean_shape, movement, shape_of
from tests.kiosk.face.heads import Pose, bent_at, head_at, print_at


def test_rigid_points_are_thirty_two_different_ones() -> None:
    assert len(set(RIGID)) == len(RIGID) == 32


def test_own_left_moves_the_nose_to_picture_right() -> None:
    front, left, right = (shape_of(head_at(Pose(yaw=yaw))) for yaw in (0, 20, -20))
    assert right.nose < front.nose - 0.1
    assert front.nose + 0.1 < left.nose


@pytest.mark.parametrize("angle", [-20, -8, 0, 12, 25])
def test_angles_are_read_back(angle: float) -> None:
    """A near camera shows yaw and pitch a little larger: the far half of a turned face looks narrower."""
    near = pytest.approx(angle, rel=0.15, abs=1)
    upright = shape_of(head_at(Pose())).pitch
    assert shape_of(head_at(Pose(yaw=angle))).yaw == near
    assert shape_of(head_at(Pose(roll=angle))).roll == near
    assert shape_of(head_at(Pose(pitch=angle))).pitch - upright == near


def test_eye_distance_is_in_pixels() -> None:
    assert shape_of(head_at(Pose(near=0.5))).eye_distance == pytest.approx(50, rel=0.05)


def test_a_turned_head_leaves_every_homography_and_a_print_does_not() -> None:
    baseline = shape_of(head_at(Pose()))
    head = movement(baseline, shape_of(head_at(Pose(yaw=15))))
    sheet = movement(baseline, shape_of(print_at(Pose(yaw=40))))
    assert head.shift > 0.10
    assert head.residual > 0.035
    assert head.yaw == pytest.approx(15, rel=0.15)
    assert sheet.residual < 1e-4


@pytest.mark.parametrize("angle", [10, 25, 40])
def test_stretch_is_the_foreshortening_of_a_plane(angle: float) -> None:
    baseline = shape_of(head_at(Pose()))
    far_away = movement(baseline, shape_of(print_at(Pose(yaw=angle), camera=200)))
    assert far_away.stretch == pytest.approx(1 / cos(radians(angle)) - 1, abs=0.01)


@given(roll=st.floats(-30, 30), near=st.floats(0.6, 1.8), dx=st.floats(-80, 80), dy=st.floats(-80, 80))
def test_moving_turning_in_the_picture_and_coming_nearer_are_no_movement(
    roll: float, near: float, dx: float, dy: float
) -> None:
    moved = movement(shape_of(head_at(Pose())), shape_of(print_at(Pose(roll=roll, near=near, dx=dx, dy=dy))))
    assert moved.residual < 1e-4
    assert moved.stretch < 1e-3
    assert abs(moved.shift) < 1e-3


def test_mean_of_a_drifting_face_is_that_face() -> None:
    shapes = tuple(shape_of(head_at(Pose(dx=3.0 * step, dy=-2.0 * step, roll=0.2 * step))) for step in range(10))
    moved = movement(mean_shape(shapes), shape_of(head_at(Pose())))
    assert moved.residual < 1e-3


def test_points_in_one_place_are_no_crash() -> None:
    shape = shape_of(np.zeros((468, 3), np.float32))
    assert np.isfinite(movement(shape, shape).residual)


@pytest.mark.parametrize("yaw", [10, 15, 20])
def test_a_head_moves_with_the_relief_its_own_depth_gives(yaw: float) -> None:
    moved = movement(shape_of(head_at(Pose())), shape_of(head_at(Pose(yaw=yaw))))
    assert moved.relief / moved.due > 0.9


@pytest.mark.parametrize("half_angle", [15, 40, 70])
@pytest.mark.parametrize("axis", [0, 30, 60, 90])
def test_a_sheet_has_none_however_it_is_rolled(half_angle: float, axis: float) -> None:
    moved = movement(shape_of(bent_at(Pose(), half_angle, axis)), shape_of(bent_at(Pose(yaw=30), half_angle, axis)))
    assert moved.relief / moved.due < 0.1


def test_a_nod_sinks_the_nose() -> None:
    moved = movement(shape_of(head_at(Pose())), shape_of(head_at(Pose(pitch=12))))
    assert moved.sink > 0.08
    assert abs(moved.shift) < 0.01
    assert moved.relief / moved.due > 0.9
