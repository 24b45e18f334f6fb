"""What landmarks tell about a head: pose, the nose's shift, and whether a movement was that of a plane.

Landmark numbers follow the MediaPipe face mesh (468 points; 33 and 133 are the citizen's right eye, on the left of an
un-mirrored picture). Pictures are un-mirrored: a citizen turning to the own left moves the nose to picture right.
"""

from dataclasses import dataclass, field
from math import atan2, cos, degrees, radians, sin

import numpy as np
import numpy.typing as npt

from kiosk.domain.face import Landmarks

Points = npt.NDArray[np.float64]
"""Shape (n, 2), pixels."""

_RIGHT_EYE = (33, 133)
_LEFT_EYE = (362, 263)
_NOSE_TIP = 1
_SIDES = (234, 454)
_AXIS = (10, 152)

RIGID = (
    *(33, 133, 362, 263),  # eye corners
    *(168, 6, 197, 195, 5, 4, 1, 2),  # bridge and tip of the nose
    *(98, 327, 48, 278),  # wings of the nose
    *(10, 151, 9, 67, 297, 103, 332),  # forehead
    *(127, 356, 234, 454, 93, 323),  # temples and ears
    *(117, 346, 50),  # cheek bones
)
"""32 points that keep their places on the skull while the mouth, lids and brows move."""

_AROUND_NOSE = ((168, 164), (50, 280), (119, 436), (348, 216))
"""Pairs of points on opposite sides of the tip of the nose: bridge and lip, both cheeks, and the two diagonals."""

_RING = (_NOSE_TIP, *(point for pair in _AROUND_NOSE for point in pair))
_PAIR_PLACES = tuple((1 + 2 * place, 2 + 2 * place) for place in range(len(_AROUND_NOSE)))


@dataclass(frozen=True, slots=True)
class FaceShape:
    """One face as the decision needs it. ``nose`` is the tip's place along the eye line from the middle of the eyes,
    in eye distances, picture right positive, ``drop`` the same across the eye line, downwards positive; angles in
    degrees, ``yaw`` positive for the citizen's own left, ``pitch`` positive for a lowered chin, ``roll`` positive
    clockwise in the picture. ``ring`` is the tip of the nose and the pairs around it, ``bulge`` how far by the mesh's
    depth the tip stands out of the flattest of their chords, by how far it stands out of the eyes' plane."""

    points: Points = field(repr=False, compare=False)
    ring: Points = field(repr=False, compare=False)
    eye_distance: float
    bulge: float
    nose: float
    drop: float
    yaw: float
    pitch: float
    roll: float

    @property
    def centre(self) -> tuple[float, float]:
        x, y = self.points.mean(axis=0)
        return float(x), float(y)


@dataclass(frozen=True, slots=True)
class Movement:
    """From a baseline to now. ``shift``: the nose along the eye line (picture right positive), ``sink``: across it
    (downwards positive). ``relief`` is how far the tip of the nose moved against the chords of all pairs around it, the
    least of them, in the direction of the movement: a sheet, however it is rolled, has a straight line through every
    point, and against the chord along it the tip stays. ``due`` is the relief that the face's own depth would have
    given. ``residual``: rms of what the best homography leaves. ``stretch``: how far that homography is from turning
    and scaling alone (0.10 for a plane turned 25 degrees). ``yaw`` and ``pitch``: change of the mesh's own angles in
    degrees; the mesh follows a head, but sees hardly a turn in a turned print."""

    shift: float
    sink: float
    relief: float
    due: float
    residual: float
    stretch: float
    yaw: float
    pitch: float


def shape_of(landmarks: Landmarks) -> FaceShape:
    mesh = landmarks.astype(np.float64)
    flat = mesh[:, :2]
    right, left = flat[list(_RIGHT_EYE)].mean(axis=0), flat[list(_LEFT_EYE)].mean(axis=0)
    eye_line = left - right
    distance = max(float(np.hypot(*eye_line)), 1e-6)
    tip = flat[_NOSE_TIP] - (left + right) / 2
    across = mesh[_SIDES[1]] - mesh[_SIDES[0]]
    down = mesh[_AXIS[1]] - mesh[_AXIS[0]]
    return FaceShape(
        points=flat[list(RIGID)],
        ring=flat[list(_RING)],
        bulge=_bulge(mesh),
        eye_distance=distance,
        nose=float(tip @ eye_line) / distance**2,
        drop=float(tip @ _across(eye_line)) / distance**2,
        yaw=degrees(atan2(across[2], float(np.hypot(across[0], across[1])))),
        pitch=degrees(atan2(down[2], float(np.hypot(down[0], down[1])))),
        roll=degrees(atan2(eye_line[1], eye_line[0])),
    )


def mean_shape(shapes: tuple[FaceShape, ...]) -> FaceShape:
    """The average of a still face; drift in place, size and roll is taken out first."""
    first = shapes[0]
    aligned = [_aligned(np.vstack([shape.points, shape.ring]), first.points) for shape in shapes]
    mean = np.mean(aligned, axis=0)
    return FaceShape(
        points=mean[: len(RIGID)],
        ring=mean[len(RIGID) :],
        eye_distance=first.eye_distance,
        bulge=float(np.mean([shape.bulge for shape in shapes])),
        nose=float(np.mean([shape.nose for shape in shapes])),
        drop=float(np.mean([shape.drop for shape in shapes])),
        yaw=float(np.mean([shape.yaw for shape in shapes])),
        pitch=float(np.mean([shape.pitch for shape in shapes])),
        roll=first.roll,
    )


def movement(baseline: FaceShape, now: FaceShape) -> Movement:
    scale = max(baseline.eye_distance, now.eye_distance)
    homography = _homography(baseline.points, now.points)
    left_over = _mapped(homography, baseline.points) - now.points
    residual = float(np.sqrt(np.mean(np.sum(left_over**2, axis=1)))) / scale
    return Movement(
        shift=now.nose - baseline.nose,
        sink=now.drop - baseline.drop,
        relief=_relief(baseline, now),
        due=baseline.bulge * float(np.hypot(now.nose - baseline.nose, now.drop - baseline.drop)),
        residual=residual,
        stretch=_stretch(homography, baseline.points.mean(axis=0)),
        yaw=now.yaw - baseline.yaw,
        pitch=now.pitch - baseline.pitch,
    )


def _relief(baseline: FaceShape, now: FaceShape) -> float:
    """The least movement of the tip against a chord, along the movement of the whole nose, in eye distances."""
    way = np.array([now.nose - baseline.nose, now.drop - baseline.drop])
    length = float(np.hypot(*way))
    if length < 1e-6:
        return 0.0
    before, after = _upright_ring(baseline), _upright_ring(now)
    moved = []
    for one, other in _PAIR_PLACES:
        share = _share(before, one, other)
        was = before[0] - (before[one] + share * (before[other] - before[one]))
        now_at = after[0] - (after[one] + share * (after[other] - after[one]))
        moved.append(float((now_at - was) @ way) / length)
    return min(moved)


def _bulge(mesh: Points) -> float:
    ring, eyes = mesh[list(_RING)], mesh[[*_RIGHT_EYE, *_LEFT_EYE]]
    chords = []
    for one, other in _PAIR_PLACES:
        share = _share(ring[:, :2], one, other)
        chords.append(ring[one, 2] + share * (ring[other, 2] - ring[one, 2]) - ring[0, 2])
    out_of_eyes = float(eyes[:, 2].mean() - ring[0, 2])
    return float(min(chords)) / out_of_eyes if out_of_eyes > 0 else 1.0


def _share(ring: Points, one: int, other: int) -> float:
    """Where on the chord the tip of the nose lies, 0 at ``one`` and 1 at ``other``."""
    chord = ring[other] - ring[one]
    return float((ring[0] - ring[one]) @ chord) / max(float(chord @ chord), 1e-9)


def _upright_ring(shape: FaceShape) -> Points:
    """The ring in eye distances, x along the eye line and y across it."""
    angle = radians(shape.roll)
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    upright: Points = (shape.ring - shape.ring[0]) @ turn / shape.eye_distance
    return upright


def _across(eye_line: Points) -> Points:
    return np.array([-eye_line[1], eye_line[0]])


def _aligned(points: Points, target: Points) -> Points:
    """``points`` moved, turned and scaled so that its first ones lie on ``target``, least squares, in complex
    numbers."""
    source, goal = points[:, 0] + 1j * points[:, 1], target[:, 0] + 1j * target[:, 1]
    matrix = np.stack([source, np.ones_like(source)], axis=1)
    (factor, offset), *_ = np.linalg.lstsq(matrix[: len(target)], goal, rcond=None)
    moved = factor * source + offset
    return np.stack([moved.real, moved.imag], axis=1)


def _homography(source: Points, target: Points) -> Points:
    """Normalised direct linear transform (Hartley), shape (3, 3)."""
    to_source, to_target = _normaliser(source), _normaliser(target)
    a, b = _mapped(to_source, source), _mapped(to_target, target)
    ones, zeros = np.ones(len(a)), np.zeros((len(a), 3))
    homogeneous = np.column_stack([a, ones])
    rows_x = np.hstack([homogeneous, zeros, -b[:, :1] * homogeneous])
    rows_y = np.hstack([zeros, homogeneous, -b[:, 1:] * homogeneous])
    *_, basis = np.linalg.svd(np.vstack([rows_x, rows_y]))
    found: Points = np.linalg.inv(to_target) @ basis[-1].reshape(3, 3) @ to_source
    return found


def _normaliser(points: Points) -> Points:
    centre = points.mean(axis=0)
    spread = max(float(np.sqrt(np.mean(np.sum((points - centre) ** 2, axis=1)))), 1e-9)
    factor = np.sqrt(2) / spread
    return np.array([[factor, 0, -factor * centre[0]], [0, factor, -factor * centre[1]], [0, 0, 1]])


def _mapped(homography: Points, points: Points) -> Points:
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ homography.T
    depth = homogeneous[:, 2:]
    mapped: Points = homogeneous[:, :2] / np.where(np.abs(depth) < 1e-12, 1e-12, depth)
    return mapped


def _stretch(homography: Points, at: Points) -> float:
    """Larger over smaller singular value of the homography's derivative at a point, less one."""
    x, y, w = homography @ np.append(at, 1.0)
    if abs(w) < 1e-12:
        return 0.0
    slope = (homography[:2, :2] - np.outer([x / w, y / w], homography[2, :2])) / w
    large, small = np.linalg.svd(slope, compute_uv=False)
    return float(large / max(small, 1e-9)) - 1.0
