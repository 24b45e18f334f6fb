"""A made-up head and a made-up print of it, seen by a made-up camera: 468 points, no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np
import numpy.typing as npt

from kiosk.domain.face import Eyes, FaceAction, FaceObservation, InfraredLook, Landmarks, PictureTraits
from kiosk.face.settings import FaceSettings
from kiosk.face.stages import Acting
from kiosk.face.trace import Trace, begin, observe

FPS = 20
PLAIN = PictureTraits()
_CAMERA = 6.0
_PIVOT = 0.9
_PIXELS = 100.0
_CENTRE = (320.0, 240.0)

_HALF = {
    33: (-0.72, 0.0, 0.12),
    133: (-0.28, 0.0, 0.05),
    98: (-0.20, 0.76, -0.20),
    48: (-0.27, 0.68, -0.17),
    67: (-0.35, -0.75, 0.06),
    103: (-0.55, -0.65, 0.15),
    127: (-1.05, -0.05, 0.75),
    234: (-1.07, 0.25, 0.85),
    93: (-1.05, 0.50, 0.85),
    117: (-0.75, 0.40, 0.12),
    50: (-0.65, 0.55, 0.08),
    119: (-0.50, 0.28, 0.02),
    216: (-0.42, 0.98, 0.00),
}
_OTHER_HALF = {
    **{33: 263, 133: 362, 98: 327, 48: 278, 67: 297, 103: 332, 127: 356, 234: 454, 93: 323, 117: 346},
    **{50: 280, 119: 348, 216: 436},
}
_MIDDLE = {
    168: (0.0, -0.02, -0.12),
    6: (0.0, 0.12, -0.17),
    197: (0.0, 0.28, -0.27),
    195: (0.0, 0.40, -0.36),
    5: (0.0, 0.52, -0.45),
    4: (0.0, 0.60, -0.50),
    1: (0.0, 0.66, -0.50),
    2: (0.0, 0.80, -0.30),
    10: (0.0, -0.85, 0.0),
    151: (0.0, -0.60, -0.08),
    9: (0.0, -0.30, -0.12),
    152: (0.0, 1.68, 0.0),
    164: (0.0, 0.92, -0.22),
}


def _head() -> npt.NDArray[np.float64]:
    """In eye distances around the middle of the eyes; x to picture right, y down, z away from the camera."""
    random = np.random.default_rng(3)
    angle, height = random.uniform(-1.3, 1.3, 468), random.uniform(-0.9, 1.6, 468)
    width = np.sqrt(np.clip(1 - ((height - 0.4) / 1.35) ** 2, 0, 1))
    points = np.column_stack([1.05 * np.sin(angle) * width, height, 0.9 - 0.95 * np.cos(angle) * width])
    for index, (x, y, z) in _HALF.items():
        points[index] = x, y, z
        points[_OTHER_HALF[index]] = -x, y, z
    for index, place in _MIDDLE.items():
        points[index] = place
    return points


HEAD = _head()


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees; ``yaw`` positive is the citizen's own left. ``near`` scales, ``dx`` and ``dy`` are pixels."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    near: float = 1.0
    dx: float = 0.0
    dy: float = 0.0


def head_at(pose: Pose) -> Landmarks:
    return _seen(_turned(HEAD, pose), pose, _CAMERA)


def print_at(pose: Pose, camera: float = _CAMERA, mesh_follows: bool = False) -> Landmarks:
    """The frontal head printed on a sheet, the sheet held at ``pose``. The mesh gives it the depth of the face it
    shows; with ``mesh_follows`` also that of the turned sheet, which is worse than what was measured."""
    frontal = _seen(HEAD, Pose(), _CAMERA)
    sheet = np.column_stack([(frontal[:, :2] - _CENTRE) / _PIXELS, np.zeros(468)])
    turned = _turned(sheet, replace(pose), pivot=0.0)
    seen = _seen(turned, pose, camera)
    depth = frontal[:, 2] * pose.near + (seen[:, 2] if mesh_follows else 0.0)
    return np.column_stack([seen[:, :2], depth]).astype(np.float32)


def bent_at(pose: Pose, half_angle: float, axis: float = 0.0) -> Landmarks:
    """The same print rolled to a tube about an upright axis, turned by ``axis`` degrees in the sheet: the face, two
    eye distances wide, spans twice ``half_angle`` degrees. The mesh gives it the depth of the face it shows."""
    frontal = _seen(HEAD, Pose(), _CAMERA)
    flat = (frontal[:, :2] - _CENTRE) / _PIXELS
    turn, radius = radians(axis), 1.0 / radians(half_angle)
    u, v = flat[:, 0] * cos(turn) + flat[:, 1] * sin(turn), flat[:, 1] * cos(turn) - flat[:, 0] * sin(turn)
    x, z = radius * np.sin(u / radius), radius * (1 - np.cos(u / radius))
    tube = np.column_stack([x * cos(turn) - v * sin(turn), x * sin(turn) + v * cos(turn), z])
    seen = _seen(_turned(tube, pose, pivot=radius), pose, _CAMERA)
    return np.column_stack([seen[:, :2], frontal[:, 2] * pose.near + seen[:, 2]]).astype(np.float32)


def _turned(points: npt.NDArray[np.float64], pose: Pose, pivot: float = _PIVOT) -> npt.NDArray[np.float64]:
    yaw, pitch, roll = radians(pose.yaw), radians(pose.pitch), radians(pose.roll)
    about_y = np.array([[cos(yaw), 0, -sin(yaw)], [0, 1, 0], [sin(yaw), 0, cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    centre = np.array([0, 0, pivot])
    turned: npt.NDArray[np.float64] = (points - centre) @ (about_z @ about_x @ about_y).T + centre
    return turned


def _seen(points: npt.NDArray[np.float64], pose: Pose, camera: float) -> Landmarks:
    scale = _PIXELS * pose.near * camera / np.maximum(camera + points[:, 2], 0.2)
    x, y = points[:, 0] * scale + _CENTRE[0] + pose.dx, points[:, 1] * scale + _CENTRE[1] + pose.dy
    return np.column_stack([x, y, points[:, 2] * _PIXELS * pose.near]).astype(np.float32)


def observation(
    sequence: int,
    landmarks: Landmarks | None,
    *,
    faces: int = 1,
    brightness: float = 130.0,
    sharpness: float = 200.0,
    at: float | None = None,
    eyes: Eyes | None = None,
    traits: PictureTraits = PLAIN,
    infrared: InfraredLook | None = None,
) -> FaceObservation:
    found = 0 if landmarks is None else faces
    taken = sequence / FPS if at is None else at
    return FaceObservation(sequence, taken, found, landmarks, brightness, sharpness, eyes, traits, infrared)


def eyes(openness: float = 0.32, cover: float = 0.0) -> Eyes:
    """Both eyes so far open; ``cover`` darkens what is around one of them by this share of the brightness of 130."""
    around = np.linspace(100, 160, 10, dtype=np.float32)
    around[4:6] -= 130 * cover
    return Eyes(openness, openness, around)


def turn_pose(seconds: float, degrees: float, lasting: float = 2.0) -> Pose:
    """A turn out and back that starts at 0 and lasts ``lasting`` seconds."""
    part = min(1.0, max(0.0, seconds / lasting))
    return Pose(yaw=degrees * sin(np.pi * part))


def play(
    landmarks_at: Callable[[float | None], Landmarks | None],
    direction: FaceAction,
    *,
    settings: FaceSettings | None = None,
    noise: float = 0.0,
    seconds: float = 60.0,
) -> list[Trace]:
    """Every trace of a session. ``landmarks_at`` gets the seconds since the turn was first asked, None before."""
    random = np.random.default_rng(11)
    trace = begin(settings or FaceSettings(), (direction,), 0.0)
    traces, asked_at = [trace], None
    for sequence in range(1, int(seconds * FPS)):
        at = sequence / FPS
        if asked_at is None and isinstance(trace.stage, Acting):
            asked_at = at
        points = landmarks_at(None if asked_at is None else at - asked_at)
        if points is not None and noise:
            points = points + random.normal(0, noise * _PIXELS, points.shape).astype(np.float32)
        trace = observe(trace, observation(sequence, points))
        traces.append(trace)
        if trace.ended:
            break
    return traces


def feed(trace: Trace, observations: Iterable[FaceObservation]) -> Trace:
    for one in observations:
        trace = observe(trace, one)
    return trace
