"""The citizen's head as a textured relief: landmarks with depth, hair and neck behind them, its view from any angle."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from simulators.camera.cutout import HEIGHT, MARGIN, WIDTH, Cutout
from simulators.portraits import Box, Image

Points = npt.NDArray[np.float64]
Plane = npt.NDArray[np.float32]

FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The outline of the face in MediaPipe's 468-point mesh, clockwise from the top of the forehead."""

FOCAL = 1.6 * WIDTH
"""Focal length in pixels: a field of view of 35 degrees across."""

COARSE = 2
"""A view has one point for so many pixels of the frame; between them it is smooth."""

_MIDDLE = np.array([WIDTH / 2 + MARGIN, HEIGHT / 2 + MARGIN])
_PIVOT_BEHIND_OVAL = 0.5
_CROP = 1.5
_MESH_SIDE = 192
_GRID = 48

# How far hair, ears, hat and neck lie behind the face oval, in face widths, by distance from the centre in ovals.
_RINGS = (1.08, 1.18, 1.31, 1.45, 1.75, 2.15)
_BEHIND_AT_SIDE = (0.08, 0.18, 0.28, 0.36, 0.42, 0.45)
_BEHIND_ABOVE = (0.02, 0.06, 0.11, 0.18, 0.34, 0.55)
_BEHIND_BELOW = (0.08, 0.18, 0.24, 0.28, 0.3, 0.3)
_BODY_BEHIND = 0.3


def find_landmarks(canvas: Image, face: Box, model: Path) -> Points:
    """The 468 landmarks of the face in ``face``, shape (468, 3): canvas pixels, z in the same scale, nearer is less.

    ``model`` is MediaPipe's ``face_landmark.tflite``.
    """
    net = cv2.dnn.readNetFromTFLite(str(model), engine=cv2.dnn.ENGINE_CLASSIC)
    centre, side = face.centre, max(face.width, face.height) * _CROP
    found = np.empty((0, 3))
    for _ in range(2):
        corner = np.array([centre[0] - side / 2, centre[1] - side / 2, 0.0])
        zoom = _MESH_SIDE / side
        to_crop = np.array([[zoom, 0.0, -corner[0] * zoom], [0.0, zoom, -corner[1] * zoom]])
        crop = cv2.warpAffine(canvas, to_crop, (_MESH_SIDE, _MESH_SIDE))
        net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255.0, swapRB=True))
        outputs = net.forward(net.getUnconnectedOutLayersNames())
        mesh = max(outputs, key=lambda output: output.size).reshape(468, 3).astype(np.float64)
        found = mesh / zoom + corner
        low, high = found[:, :2].min(axis=0), found[:, :2].max(axis=0)
        centre, side = tuple((low + high) / 2), float((high - low).max()) * _CROP
    return found


@dataclass(frozen=True, slots=True)
class Relief:
    """``texture`` (N, 2) canvas pixels; ``solid`` (N, 3) and ``pivot`` (3,) camera space, in pixels at the depth of the
    face oval; ``follows`` (N,) the part a point takes in the head's turn, 1 on the head and 0 on the body;
    ``triangles`` (T, 3) point numbers."""

    texture: Points
    solid: Points
    pivot: Points
    follows: Points
    triangles: npt.NDArray[np.intp]


def build_relief(cutout: Cutout, landmarks: Points) -> Relief:
    """Hangs hair, hat, neck and shoulders on the face at plausible depths, since one picture cannot tell them."""
    face = landmarks - [0.0, 0.0, landmarks[list(FACE_OVAL), 2].mean()]
    oval = face[list(FACE_OVAL)]
    centre, width, chin = oval.mean(axis=0), float(np.ptp(oval[:, 0])), float(oval[:, 1].max())
    head = np.vstack([face, *(_ring(oval, centre, width, number) for number in range(len(_RINGS)))])
    head = head[_on_canvas(head, cutout)]
    body = _grid(cutout, oval, centre) + np.array([0.0, 0.0, _BODY_BEHIND * width])
    points = np.vstack([head, body])
    above_body = np.clip((chin + 0.5 * width - head[:, 1]) / (0.5 * width), 0.0, 1.0)
    pivot = np.array([[centre[0], chin, _PIVOT_BEHIND_OVAL * width]])
    return Relief(
        texture=points[:, :2],
        solid=_unproject(points),
        pivot=_unproject(pivot)[0],
        follows=np.concatenate([above_body**2 * (3 - 2 * above_body), np.zeros(len(body))]),
        triangles=_triangulate(points[:, :2], cutout),
    )


def view(relief: Relief, yaw: float, pitch: float) -> tuple[Plane, Plane]:
    """Where each pixel of frame and margins finds its texture when the head is turned, at half the canvas' size.

    ``yaw`` and ``pitch`` are degrees as in ``Pose``. Two planes of canvas pixels, across and down. Triangles are drawn
    back to front, so that a cheek turned away hides behind the nose.
    """
    place, depth = project(relief, np.radians(yaw), np.radians(pitch))
    corners = ((place + 0.5) / COARSE - 0.5)[relief.triangles]
    drawn = np.rint(corners * 16).astype(np.int32)
    canvas = np.zeros(((HEIGHT + 2 * MARGIN) // COARSE, (WIDTH + 2 * MARGIN) // COARSE), np.int32)
    for number in np.argsort(-depth[relief.triangles].mean(axis=1)):
        cv2.fillConvexPoly(canvas, drawn[number], int(number) + 1, cv2.LINE_8, 4)
    return _look_up(canvas, corners, relief.texture[relief.triangles])


def _ring(oval: Points, centre: Points, width: float, number: int) -> Points:
    ring = oval.copy()
    outwards = oval[:, :2] - centre[:2]
    ring[:, :2] = centre[:2] + outwards * _RINGS[number]
    aside = (outwards[:, 0] / np.hypot(outwards[:, 0], outwards[:, 1])) ** 2
    upright = np.where(outwards[:, 1] < 0, _BEHIND_ABOVE[number], _BEHIND_BELOW[number])
    ring[:, 2] += width * (aside * _BEHIND_AT_SIDE[number] + (1 - aside) * upright)
    return ring


def _on_canvas(points: Points, cutout: Cutout) -> npt.NDArray[np.bool_]:
    height, width = cutout.alpha.shape
    return np.asarray(
        (points[:, 0] > 0) & (points[:, 1] > 0) & (points[:, 0] < width - 1) & (points[:, 1] < height - 1)
    )


def _grid(cutout: Cutout, oval: Points, centre: Points) -> Points:
    """Points over the canvas where no ring reaches, its border included."""
    height, width = cutout.alpha.shape
    across, down = np.linspace(0, width - 1, width // _GRID), np.linspace(0, height - 1, height // _GRID)
    grid = np.stack([*np.meshgrid(across, down), np.zeros((len(down), len(across)))], axis=-1).reshape(-1, 3)
    half = np.ptp(oval[:, :2], axis=0) / 2 * (_RINGS[-1] + 0.1)
    outside = (((grid[:, :2] - centre[:2]) / half) ** 2).sum(axis=1) > 1
    return np.asarray(grid[outside | ~_on_canvas(grid, cutout)])


def _triangulate(points: Points, cutout: Cutout) -> npt.NDArray[np.intp]:
    height, width = cutout.alpha.shape
    plane = cv2.Subdiv2D((0, 0, width, height))
    numbers: dict[tuple[float, float], int] = {}
    for number, (x, y) in enumerate(points.astype(np.float32)):
        plane.insert((float(x), float(y)))
        numbers[float(x), float(y)] = number
    corners = np.asarray(plane.getTriangleList(), dtype=np.float32).reshape(-1, 3, 2)
    found = [[numbers.get((float(x), float(y)), -1) for x, y in corner] for corner in corners]
    return np.array([triangle for triangle in found if min(triangle) >= 0], dtype=np.intp)


def _unproject(points: Points) -> Points:
    """Camera space of canvas points that carry their depth; the camera looks at the frame's middle."""
    away = (FOCAL + points[:, 2:]) / FOCAL
    return np.hstack([(points[:, :2] - _MIDDLE) * away, points[:, 2:]])


def project(relief: Relief, yaw: float, pitch: float) -> tuple[Points, Points]:
    """Canvas points and depths after a turn by radians, each point turned as far as it follows the head."""
    x, y, z = (relief.solid - relief.pivot).T
    sin, cos = np.sin(pitch * relief.follows), np.cos(pitch * relief.follows)
    y, z = y * cos - z * sin, y * sin + z * cos
    sin, cos = np.sin(yaw * relief.follows), np.cos(yaw * relief.follows)
    x, z = x * cos - z * sin, x * sin + z * cos
    turned = np.stack([x, y, z], axis=1) + relief.pivot
    return turned[:, :2] * (FOCAL / (FOCAL + turned[:, 2:])) + _MIDDLE, turned[:, 2]


def _look_up(canvas: npt.NDArray[np.int32], corners: Points, texture: Points) -> tuple[Plane, Plane]:
    """Texture coordinates of every pixel from the triangle drawn there; an undrawn pixel stays where it is."""
    frames = np.concatenate([corners, np.ones((len(corners), 3, 1))], axis=2)
    flat = np.abs(np.linalg.det(frames)) < 1e-6
    frames[flat] = np.eye(3)
    slopes = np.linalg.solve(frames, texture)
    slopes[flat] = 0.0
    x, y = (axis.astype(np.float32) for axis in np.meshgrid(np.arange(canvas.shape[1]), np.arange(canvas.shape[0])))
    shown, undrawn = np.maximum(canvas - 1, 0), canvas == 0
    planes = []
    for axis, own in enumerate((x, y)):
        by_x, by_y, constant = (np.take(slopes[:, row, axis].astype(np.float32), shown) for row in range(3))
        least, most = (np.take(end[:, axis].astype(np.float32), shown) for end in (texture.min(1), texture.max(1)))
        plane = np.clip(x * by_x + y * by_y + constant, least, most)
        plane[undrawn] = (own[undrawn] + 0.5) * COARSE - 0.5
        planes.append(plane)
    return planes[0], planes[1]
