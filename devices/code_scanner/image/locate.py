"""Lays grids over a picture where a QR Code may be: from the corners of three finders, or of two when one is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice, permutations

import cv2
import numpy as np

from devices.code_scanner.image.finders import Finder, Points
from devices.code_scanner.image.grid import (
    Anchor,
    Floats,
    Grid,
    Light,
    Matrix,
    flat_grid,
    grid_by_corners,
    likeness,
    products,
    sample,
    texture,
)
from devices.code_scanner.image.symbol import side_of

CORNER, RIGHT, BELOW = (0, 0), (1, 0), (0, 1)

_LARGEST_VERSION = 25
"""Holds 1,024 bytes at level M, 1,273 at level L."""

_USUAL_VERSION = 4
_LIKELY_VERSIONS = 4
_SMALLEST_MODULE = 1.1
_MOST_PLACES = 12
_VERSIONS = 2
_MOST_UNLIKE = 2.2
_NEAREST = 12.0
"""Modules between two finders; the smallest symbol has 14."""

_LINKED = 0.11
"""Finders of one symbol have 0.2 and more between them, 0.12 under glare."""

_INSIDE = np.arange(-4, 5, dtype=np.float32)
_TEXTURED = 0.14
"""Codes have 0.2 and more; emblems that look like their corners, with little between, 0.09 at most."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a symbol of this version may lie; ``anchors`` are the finders that were seen."""

    version: int
    grid: Grid
    anchors: tuple[Anchor, ...]


def by_corners(light: Light, corners: Points) -> Guess | None:
    """The version that fits best between a symbol's four outer corners: of those whose finders do, the one whose other
    patterns do, too."""
    if texture(light, grid_by_corners(side_of(_USUAL_VERSION), corners)) < _TEXTURED:
        return None
    size = np.sqrt(abs(cv2.contourArea(corners)))
    guesses = [
        Guess(version, grid_by_corners(side_of(version), corners), (CORNER, RIGHT, BELOW))
        for version in _versions_by_finders(light, corners)
        if size / side_of(version) >= _SMALLEST_MODULE
    ]
    return max(guesses, key=lambda guess: abs(likeness(light, guess.grid, guess.version)), default=None)


def _versions_by_finders(light: Light, corners: Points) -> list[int]:
    u, v, signs = _finder_points()
    seen = sample(light, *grid_by_corners(1, corners).places(u, v))
    seen = seen - seen.mean(1, keepdims=True)
    likenesses = np.abs((seen * signs).sum(1)) / np.sqrt((seen**2).sum(1) + 1)
    return [int(at) + 1 for at in np.argsort(-likenesses)[:_LIKELY_VERSIONS]]


@lru_cache(maxsize=1)
def _finder_points() -> tuple[Floats, Floats, Floats]:
    """The modules of the three finders in shares of the symbol's side, one row a version, and their signs with the mean
    taken off."""
    row, column = np.mgrid[0:7, 0:7].reshape(2, -1) + 0.5
    distance = np.maximum(abs(row - 3.5), abs(column - 3.5))
    signs = np.tile(np.where(distance == 2, -1.0, 1.0), 3)
    far = np.array([side_of(version) - 7 for version in range(1, _LARGEST_VERSION + 1)])[:, None]
    u = np.hstack([column + 0 * far, column + far, column + 0 * far]) / (far + 7)
    v = np.hstack([row + 0 * far, row + 0 * far, row + far]) / (far + 7)
    return u.astype(np.float32), v.astype(np.float32), (signs - signs.mean()).astype(np.float32)


def by_three(light: Light, finders: list[Finder]) -> Iterator[Guess]:
    linked = _linked(light, finders)
    for three in combinations(range(len(finders)), 3):
        if sum(two in linked for two in combinations(three, 2)) >= 2:
            yield from _textured(light, _three([finders[at] for at in three]))


def by_two(light: Light, finders: list[Finder]) -> Iterator[Guess]:
    """Of the pairs, those of likest size first, and no more places than are worth the time."""
    pairs = sorted(((finders[at], finders[other]) for at, other in _linked(light, finders)), key=_unlikeness)
    for guesses in islice((place for two in pairs for place in _two(two)), _MOST_PLACES):
        yield from _textured(light, guesses)


def _linked(light: Light, finders: list[Finder]) -> set[tuple[int, int]]:
    """Pairs, by their indices, that may belong to one symbol: alike in size, and with something between them."""
    pairs = combinations(enumerate(finders), 2)
    return {(at, other_at) for (at, one), (other_at, other) in pairs if _between(light, one, other) >= _LINKED}


def _between(light: Light, one: Finder, other: Finder) -> float:
    """How far light changes from module to module on the way from one finder to the other, in shares of how far it
    does in them."""
    if _unlikeness((one, other)) >= _MOST_UNLIKE:
        return 0.0
    way = other.middle - one.middle
    modules = 14 * float(np.linalg.norm(way)) / (one.size + other.size)
    if modules < _NEAREST:
        return 0.0
    at = np.concatenate([_INSIDE, np.arange(4, modules - 4, dtype=np.float32), modules + _INSIDE]) / np.float32(modules)
    seen = sample(light, one.middle[0] + at * way[0], one.middle[1] + at * way[1])
    inside = np.concatenate([seen[: len(_INSIDE)], seen[-len(_INSIDE) :]])
    return float(np.abs(np.diff(seen[len(_INSIDE) : -len(_INSIDE)])).mean() / (np.ptp(inside) + 1))


def _unlikeness(finders: tuple[Finder, ...]) -> float:
    sizes = [finder.size for finder in finders]
    return max(sizes) / min(sizes)


def _three(three: list[Finder]) -> Iterator[Guess]:
    middles = [finder.middle for finder in three]
    corner = max(range(3), key=lambda at: float(np.linalg.norm(middles[at - 1] - middles[at - 2])))
    right, below = three[corner - 2], three[corner - 1]
    u, v = right.middle - middles[corner], below.middle - middles[corner]
    if _cross(u, v) < 0:
        right, below, u, v = below, right, v, u
    if _cross(u, v) > 0.3 * float(np.linalg.norm(u) * np.linalg.norm(v)):
        yield from _fitted({RIGHT: right, BELOW: below, CORNER: three[corner]}, u, v)


def _textured(light: Light, guesses: Iterator[Guess]) -> Iterator[Guess]:
    """All of ``guesses`` of one place, if there is anything to be read there."""
    for guess in guesses:
        if texture(light, guess.grid) < _TEXTURED:
            return
        yield guess


def _two(two: tuple[Finder, ...]) -> Iterator[Iterator[Guess]]:
    """The guesses of one place each."""
    for first, second in permutations(two):
        way = second.middle - first.middle
        along, across = _axes(first, way)
        if abs(_cross(along, way)) < 0.35 * float(np.linalg.norm(along) * np.linalg.norm(way)):
            yield _fitted({RIGHT: second, CORNER: first}, along, across)
            yield _fitted({BELOW: first, CORNER: second}, across, -along)
        else:
            u, v = (along, across) if float(across @ way) < 0 else (across, -along)
            yield _fitted({RIGHT: second, BELOW: first}, u, v)


def _axes(finder: Finder, way: Points) -> tuple[Points, Points]:
    """The finder's side that runs most along ``way``, and the next one clockwise."""
    sides = [finder.corners[(at + 1) % 4] - finder.corners[at] for at in range(4)]
    means = [(sides[at] - sides[at - 2]) / 2 for at in range(4)]
    if _cross(means[0], means[1]) < 0:
        means.reverse()
    at = max(range(4), key=lambda k: float(means[k] @ way) / float(np.linalg.norm(means[k]) + 1e-6))
    return means[at], means[(at + 1) % 4]


def _fitted(seen: dict[Anchor, Finder], u: Points, v: Points) -> Iterator[Guess]:
    """Guesses of neighbouring versions whose finders' corners lie where they were ``seen``; ``u`` and ``v`` point about
    along rows and columns."""
    basis = np.column_stack([u, v]).astype(np.float64)
    if abs(np.linalg.det(basis)) < 1e-3:
        return
    inverse = np.asarray(np.linalg.inv(basis), np.float64)
    quads = [_ordered(finder, inverse) for finder in seen.values()]
    distance = _modules_between(list(seen), list(seen.values()), quads, inverse)
    nearest = (distance + 7 - 17) / 4
    if not 0.4 < nearest < _LARGEST_VERSION + 1:
        return
    for version in sorted(range(round(nearest) - 1, round(nearest) + 2), key=lambda one: abs(one - nearest))[
        :_VERSIONS
    ]:
        if not 1 <= version <= _LARGEST_VERSION:
            continue
        side = side_of(version)
        flat = np.array([[0, 0], [7, 0], [7, 7], [0, 7]], np.float64)
        here = np.concatenate([flat + (side - 7) * np.array(anchor) for anchor in seen])
        matrix = _homography(here, np.concatenate(quads).astype(np.float64))
        if matrix is not None and _sensible(matrix, side):
            yield Guess(version, flat_grid(side, matrix), tuple(seen))


def _homography(here: Matrix, there: Matrix) -> Matrix | None:
    """By least squares over four or more pairs of points. OpenCV's own takes three times as long for the same."""
    middle, size = there.mean(0), float(np.abs(there - there.mean(0)).max()) or 1.0
    x, y = ((there - middle) / size).T
    u, v = (here / here.max()).T
    one, none = np.ones_like(u), np.zeros_like(u)
    across = np.column_stack([u, v, one, none, none, none, -x * u, -x * v])
    down = np.column_stack([none, none, none, u, v, one, -y * u, -y * v])
    rows = np.vstack([across, down])
    try:
        entries = np.linalg.solve(products(rows) + 1e-9 * np.eye(8), rows.T @ np.concatenate([x, y]))
    except np.linalg.LinAlgError:
        return None
    back = np.array([[size, 0, middle[0]], [0, size, middle[1]], [0, 0, 1]])
    return np.asarray(back @ np.append(entries, 1).reshape(3, 3) @ np.diag([1 / here.max(), 1 / here.max(), 1]))


def _modules_between(anchors: list[Anchor], finders: list[Finder], quads: list[Points], inverse: Matrix) -> float:
    """From the first finder's middle to the second's, along each axis on which they differ."""
    way = inverse @ (finders[1].middle - finders[0].middle)
    seven = np.mean([np.abs(inverse @ (quad[2] - quad[0])) for quad in quads], axis=0)
    apart = np.array(anchors[0]) != np.array(anchors[1])
    return float((7 * np.abs(way) / seven)[apart].mean())


def _ordered(finder: Finder, inverse: Matrix) -> Points:
    """Corners from the one nearest both axes' beginnings, in the way from u to v."""
    offsets = (finder.corners - finder.middle) @ inverse.T
    angles = np.arctan2(offsets[:, 1], offsets[:, 0])
    return np.asarray(finder.corners[np.argsort(angles)], np.float32)


def _sensible(matrix: Matrix, side: int) -> bool:
    """Whether the symbol's four corners stay before the lens and make a convex figure."""
    corners = np.array([[0, 0, 1], [side, 0, 1], [side, side, 1], [0, side, 1]], np.float64) @ matrix.T
    if corners[:, 2].min() <= 0.2 * corners[:, 2].max():
        return False
    return bool(cv2.isContourConvex((corners[:, :2] / corners[:, 2:]).astype(np.float32)))


def _cross(a: Points, b: Points) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
