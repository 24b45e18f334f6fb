"""Where a symbol's modules lie in a picture: a perspective, and a smooth field of shifts for what is not flat.

Module coordinates (u, v) run along columns and rows, a module is 1 wide, its middle at half numbers; pictures are
sampled at pixel middles. A grid is laid by its known patterns and drawn tight by steps of Gauss and Newton (Lucas and
Kanade 1981) against the signs that are known or believed so far.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from devices.code_scanner.image.symbol import Signs, layout, side_of

Floats = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]
Light = npt.NDArray[np.uint8] | Floats
"""A grey picture, shape (height, width)."""

Numbers = npt.NDArray[np.floating[Any]]

Anchor = tuple[int, int]
"""Which finder: 0, 0 in the corner, 1, 0 at the end of the first row, 0, 1 at the end of the first column."""

_KNOTS = 5
_STIFFNESS = 0.02
_INSIDE = (-0.3, 0.0, 0.3)
_SOFTNESS = 0.45
_SAMPLES_A_ROW = 30_000
"""OpenCV takes up to 32,767."""

_ACROSS, _DOWN = np.meshgrid(*2 * [np.linspace(0, 1, 9, dtype=np.float32)])
_STEP_RIGHT, _STEP_DOWN = np.array([[[0]], [[1]], [[0]]], np.float32), np.array([[[0]], [[0]], [[1]]], np.float32)
_AROUND_U, _AROUND_V = np.array([[0, -2, 2, 0, 0], [0, 0, 0, -2, 2]], np.float32)


@dataclass(frozen=True, slots=True)
class Patch:
    """A grey picture for sampling, and its slopes along x and y; shape (height, width)."""

    light: Floats = field(repr=False)
    slope_x: Floats = field(repr=False)
    slope_y: Floats = field(repr=False)

    @classmethod
    def of(cls, light: Floats) -> "Patch":
        across, down = (cv2.Sobel(light, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
        return cls(light, np.asarray(across, np.float32), np.asarray(down, np.float32))


@dataclass(frozen=True, slots=True)
class Grid:
    """``matrix`` maps (u, v, 1) to picture pixels; ``shifts`` are those of ``_KNOTS`` x ``_KNOTS`` knots over the
    symbol in pixels, shape (_KNOTS * _KNOTS, 2)."""

    side: int
    matrix: Matrix = field(repr=False)
    shifts: Floats = field(repr=False)

    def places(self, u: Numbers, v: Numbers) -> tuple[Floats, Floats]:
        """Picture pixels of module coordinates, any one shape."""
        m = self.matrix
        w = m[2, 0] * u + m[2, 1] * v + m[2, 2]
        x = (m[0, 0] * u + m[0, 1] * v + m[0, 2]) / w
        y = (m[1, 0] * u + m[1, 1] * v + m[1, 2]) / w
        if self.shifts.any():
            weights = _weights(u / self.side, v / self.side)
            x, y = (
                at + np.einsum("...k,k->...", weights, shift) for at, shift in zip((x, y), self.shifts.T, strict=True)
            )
        return x.astype(np.float32), y.astype(np.float32)

    def corners(self) -> Floats:
        """The symbol's outer corners in picture pixels, in the order of ``grid_by_corners``."""
        u, v = (self.side * np.array(share, np.float32) for share in ((0, 1, 1, 0), (0, 0, 1, 1)))
        return np.column_stack(self.places(u, v))

    def module_size(self) -> float:
        """Pixels, the mean over the symbol."""
        return float(np.sqrt(abs(cv2.contourArea(self.corners())))) / self.side


@dataclass(frozen=True, slots=True)
class Template:
    """What should be seen where: ``wanted`` sign at module coordinates ``u``, ``v``, known as far as ``weight``."""

    u: Floats = field(repr=False)
    v: Floats = field(repr=False)
    wanted: Floats = field(repr=False)
    weight: Floats = field(repr=False)


def grid_by_corners(side: int, corners: Floats) -> Grid:
    """By the places of the symbol's four outer corners, clockwise from the one between two finders."""
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    return flat_grid(side, np.asarray(cv2.getPerspectiveTransform(square, corners.astype(np.float32)), np.float64))


def flat_grid(side: int, matrix: Matrix) -> Grid:
    return Grid(side, matrix / matrix[2, 2], np.zeros((_KNOTS * _KNOTS, 2), np.float32))


def sample(picture: Light, x: Floats, y: Floats) -> Floats:
    """``picture`` at points, any one shape; beyond its rim it goes on as at the rim."""
    rows = 1 + x.size // _SAMPLES_A_ROW
    width = -(-x.size // rows)
    at_x, at_y = (at.reshape(1, -1) if rows == 1 else np.resize(at, (rows, width)) for at in (x, y))
    light = cv2.remap(picture, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(light, np.float32).reshape(-1)[: x.size].reshape(x.shape)


def likeness(light: Light, grid: Grid, version: int) -> float:
    """Correlation of a picture with the version's fixed patterns, -1 to 1; negative for a light symbol on dark."""
    u, v, signs = _fixed_points(version)
    seen = sample(light, *grid.places(u, v))
    seen = seen - seen.mean()
    size = float(np.sqrt((seen**2).sum() * (signs**2).sum()))
    return -float((seen * signs).sum()) / size if size > 1e-3 else 0.0


def texture(light: Light, grid: Grid) -> float:
    """How far light changes from module to module between the finders, in shares of what it does in them. Holds for a
    grid that is laid badly, too."""
    between = grid.side - 18
    u, v = 8.5 + between * _ACROSS + _STEP_RIGHT, 8.5 + between * _DOWN + _STEP_DOWN
    here, right, below = sample(light, *grid.places(u, v))
    changes = np.abs(here - right).mean() + np.abs(here - below).mean()
    return float(changes) / (2 * abs(_finder_contrast(light, grid)) + 1.0)


def _finder_contrast(light: Light, grid: Grid) -> float:
    """The most any of the three finders shows between its middle and its light ring."""
    far = grid.side - 3.5
    u, v = (
        np.array([[3.5], [far], [3.5]], np.float32) + _AROUND_U,
        np.array([[3.5], [3.5], [far]], np.float32) + _AROUND_V,
    )
    seen = sample(light, *grid.places(u, v))
    contrasts = np.sort(seen[:, 1:], axis=1)[:, 1:3].mean(1) - seen[:, 0]
    return float(contrasts[np.argmax(np.abs(contrasts))])


def timing_likeness(light: Light, grid: Grid) -> float:
    """How far light alternates along the better of both timing patterns, in shares of what it does in the finders."""
    at = np.arange(7.5, grid.side - 7, dtype=np.float32)
    line = np.full_like(at, 6.5)
    contrast = _finder_contrast(light, grid) or 1.0
    shares = []
    for u, v in ((at, line), (line, at)):
        seen = sample(light, *grid.places(u, v))
        steps = np.diff(seen) * np.where(np.arange(len(seen) - 1) % 2 == 0, -1, 1)
        shares.append(float(np.median(steps)) / contrast)
    return max(shares)


@lru_cache(maxsize=128)
def fixed_template(version: int, anchors: tuple[Anchor, ...], reach: float) -> Template:
    """The fixed patterns up to ``reach`` modules away from the middle of a finder out of ``anchors``."""
    side = side_of(version)
    at = np.arange(side) - 3.0
    distances = [np.hypot(at[None, :] - (side - 7) * x, at[:, None] - (side - 7) * y) for x, y in anchors]
    return template(layout(version).fixed * (np.min(distances, axis=0) <= reach))


def template(signs: Signs) -> Template:
    """Nine points in each module of known sign, and what a soft lens shows there."""
    rows, columns = np.nonzero(signs)
    fine = np.kron(signs, np.ones((3, 3), np.float32)).astype(np.float32)
    soft, sure = (cv2.GaussianBlur(plane, (0, 0), 3 * _SOFTNESS) for plane in (fine, np.abs(fine)))
    parts = [
        (columns + 0.5 + du, rows + 0.5 + dv, soft[3 * rows + i, 3 * columns + j], sure[3 * rows + i, 3 * columns + j])
        for i, dv in enumerate(_INSIDE)
        for j, du in enumerate(_INSIDE)
    ]
    u, v, wanted, known = (np.concatenate(part).astype(np.float32) for part in zip(*parts, strict=True))
    return Template(u, v, wanted, np.clip(known, 0, 1) ** 4)


def tightened(patch: Patch, grid: Grid, known: Template, steps: int, bend: bool = False) -> Grid:
    """``grid`` moved so that the picture follows ``known``: its perspective, or with ``bend`` its field of shifts."""
    basis = _weights(known.u / grid.side, known.v / grid.side) if bend else None
    for _ in range(steps):
        x, y = grid.places(known.u, known.v)
        light = sample(patch.light, x, y)
        slope_x, slope_y = sample(patch.slope_x, x, y), sample(patch.slope_y, x, y)
        if basis is None:
            columns = _perspective_columns(grid.matrix, known, slope_x, slope_y)
        else:
            columns = np.hstack([basis * slope_x[:, None], basis * slope_y[:, None]])
        change = _least_squares(columns, known, light, bend)
        if change is None:
            return grid
        if bend:
            most = grid.module_size() / 2
            shifts = grid.shifts + np.clip(change, -most, most).reshape(2, -1).T
            grid = replace(grid, shifts=shifts.astype(np.float32))
        else:
            grid = replace(grid, matrix=grid.matrix + np.append(change, 0).reshape(3, 3))
    return grid


@lru_cache(maxsize=64)
def _fixed_points(version: int) -> tuple[Floats, Floats, Floats]:
    """Module coordinates of the fixed patterns, and their signs with the mean taken off."""
    fixed = layout(version).fixed
    rows, columns = np.nonzero(fixed)
    signs = fixed[rows, columns]
    return (columns + 0.5).astype(np.float32), (rows + 0.5).astype(np.float32), signs - signs.mean()


def _perspective_columns(matrix: Matrix, known: Template, slope_x: Floats, slope_y: Floats) -> Matrix:
    """How light changes with each of the matrix's first eight entries."""
    u, v = known.u, known.v
    w = matrix[2, 0] * u + matrix[2, 1] * v + matrix[2, 2]
    x = (matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2]) / w
    y = (matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2]) / w
    across, down = slope_x / w, slope_y / w
    depth = -(x * across + y * down)
    return np.column_stack([across * u, across * v, across, down * u, down * v, down, depth * u, depth * v])


def _least_squares(columns: Numbers, known: Template, light: Floats, bend: bool) -> Matrix | None:
    """The change of the columns' parameters, with gain and level of the light free; None when it is not determined."""
    count = columns.shape[1]
    system = np.column_stack([columns, -known.wanted, -np.ones_like(light), -light]).astype(np.float64)
    moments = products(system * np.sqrt(known.weight)[:, None])
    normal, right = moments[:-1, :-1], moments[:-1, -1]
    scale = np.diag(normal)[:count].copy()
    if bend:
        normal[:count, :count] += _bending() * (_STIFFNESS * scale.sum())
        normal[np.arange(count), np.arange(count)] += 1e-3 * scale.mean() + 1e-9
    else:
        normal[np.arange(count), np.arange(count)] += 1e-4 * scale
    try:
        change = np.asarray(np.linalg.solve(normal, right)[:count], np.float64)
    except np.linalg.LinAlgError:
        return None
    return change if np.isfinite(change).all() else None


def products(columns: Numbers) -> Matrix:
    """Inner products of all columns with one another. Not by numpy's BLAS, whose threads cost a hundred times more
    than so small a product where the cores are busy."""
    return np.asarray(cv2.mulTransposed(np.ascontiguousarray(columns), True, dtype=cv2.CV_64F), np.float64)


def _weights(u: Numbers, v: Numbers) -> Floats:
    """Of each knot at points in 0 to 1, quadratic splines; shape (points..., knots)."""
    across, down = _spline(u), _spline(v)
    return np.asarray((down[..., :, None] * across[..., None, :]).reshape(*u.shape, -1), np.float32)


def _spline(t: Numbers) -> Floats:
    knots = np.arange(_KNOTS, dtype=np.float32)
    place = np.clip(t, -0.1, 1.1)[..., None] * (_KNOTS - 2) + 0.5
    distance = np.abs(place - knots)
    near, far = 0.75 - distance**2, 0.5 * np.clip(1.5 - distance, 0, None) ** 2
    return np.asarray(np.where(distance < 0.5, near, far), np.float32)


@lru_cache(maxsize=1)
def _bending() -> Matrix:
    """How far neighbouring knots' shifts differ in their slope, for x and y shifts alike."""
    second = np.diff(np.eye(_KNOTS), 2, axis=0)
    one = np.eye(_KNOTS)
    rows = np.vstack([np.kron(one, second), np.kron(second, one)])
    both = np.kron(np.eye(2), rows.T @ rows)
    return np.asarray(both / np.trace(both), np.float64)
