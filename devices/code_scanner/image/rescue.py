"""Reads symbols other decoders see but cannot read: lays a grid where one may be, draws it tight, decides each module
by what the symbol itself teaches, and puts errors right by how sure each module is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from devices.code_scanner.image.correction import corrected, formats
from devices.code_scanner.image.decisions import Modules, decide
from devices.code_scanner.image.grid import (
    Floats,
    Grid,
    Patch,
    fixed_template,
    likeness,
    template,
    tightened,
    timing_likeness,
)
from devices.code_scanner.image.locate import Guess
from devices.code_scanner.image.symbol import Bits, Format, Signs, layout

_MOST_GUESSES = 2
_WORTH_A_LOOK = {3: 0.42, 2: 0.38}
"""Likeness by the number of finders a guess is made from."""
_LIKE_A_SYMBOL = 0.5
_LIKE_TIMING = 0.12
_LIKE_A_FORMAT = 0.5
_LIKE_WHAT_WAS_SEEN = 0.75
_WELL_LAID = 0.85
_REACHES = (9.0, 13.0, 18.0, 25.0, 35.0, 50.0, 70.0)
"""Modules around the finders up to which the grid is drawn tight, one after another."""
_ROUNDS = 4
_LARGEST_MODULE = 8.0
_SOFT = 0.6
_AROUND = 0.15


@dataclass(frozen=True, slots=True)
class Unread:
    """A symbol is there for certain, and cannot be read. ``corners`` as those of ``Symbol``."""

    corners: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """``corners`` are the outer ones in picture pixels, clockwise, shape (4, 2)."""

    bits: Bits = field(repr=False)
    corners: Floats = field(repr=False)


def read(grey: npt.NDArray[np.uint8], guesses: Iterable[Guess]) -> Symbol | Unread | None:
    """The first symbol the likeliest of ``guesses`` lead to."""
    ranked = sorted(((abs(likeness(grey, guess.grid, guess.version)), guess) for guess in guesses), key=_first)
    unread = None
    for share, guess in ranked[: -_MOST_GUESSES - 1 : -1]:
        outcome = _read_at(grey, guess) if share >= _WORTH_A_LOOK[len(guess.anchors)] else None
        if isinstance(outcome, Symbol):
            return outcome
        unread = unread or outcome
    return unread


def _first(pair: tuple[float, Guess]) -> float:
    return pair[0]


def _read_at(grey: npt.NDArray[np.uint8], guess: Guess) -> Symbol | Unread | None:
    cut, to_cut = _cut(grey, guess.grid)
    if cut is None:
        return None
    grid = replace(guess.grid, matrix=to_cut @ guess.grid.matrix)
    soft = Patch.of(np.asarray(cv2.GaussianBlur(cut, (0, 0), _SOFT), np.float32))
    grid = _laid(soft, replace(guess, grid=grid))
    share = likeness(soft.light, grid, guess.version)
    if abs(share) < _LIKE_A_SYMBOL or timing_likeness(soft.light, grid) < _LIKE_TIMING:
        return None
    patch = Patch.of(cut if share > 0 else -cut)
    bits, grid = _decoded(patch, grid, guess)
    corners = np.asarray(cv2.perspectiveTransform(grid.corners()[None], np.linalg.inv(to_cut))[0], np.float32)
    return Unread(corners) if bits is None else Symbol(bits, corners)


def _cut(grey: npt.NDArray[np.uint8], grid: Grid) -> tuple[Floats | None, npt.NDArray[np.float64]]:
    """The part of ``grey`` around the grid, no finer than is of use, and the way from picture to part."""
    corners = grid.corners()
    room = _AROUND * float(np.ptp(corners, axis=0).max())
    left, top = np.maximum(np.floor(corners.min(0) - room), 0).astype(int)
    right, bottom = np.ceil(corners.max(0) + room).astype(int)
    part = grey[top:bottom, left:right].astype(np.float32)
    shrink = min(1.0, _LARGEST_MODULE / grid.module_size())
    if min(part.shape) * shrink < 20 or max(part.shape) * shrink > 8000:
        return None, np.eye(3)
    if shrink < 1:
        part = np.asarray(cv2.resize(part, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.float32)
    to_part = np.array([[shrink, 0, (0.5 - left) * shrink - 0.5], [0, shrink, (0.5 - top) * shrink - 0.5], [0, 0, 1]])
    return part, to_part


def _laid(patch: Patch, guess: Guess) -> Grid:
    """Drawn tight at once where it nearly fits, else from the finders outwards."""
    grid = guess.grid
    whole = fixed_template(guess.version, guess.anchors, np.inf)
    if abs(likeness(patch.light, grid, guess.version)) < _WELL_LAID:
        for reach in _REACHES:
            if reach < 1.2 * grid.side:
                grid = tightened(patch, grid, fixed_template(guess.version, guess.anchors, reach), 2)
    return tightened(patch, grid, whole, 4)


def _decoded(patch: Patch, grid: Grid, guess: Guess) -> tuple[Bits | None, Grid]:
    """Decides and tightens in turn, each by the other, until the symbol can be corrected."""
    fixed = layout(guess.version).fixed
    for turn in range(_ROUNDS):
        modules = decide(patch.light, grid, fixed)
        likely = [form for share, form in formats(modules.signs, guess.version)[:2] if share >= _LIKE_A_FORMAT]
        bits = _corrected(modules, guess.version, likely)
        if bits is not None:
            return bits, grid
        if turn > 0 and not likely:
            break
        grid = tightened(patch, grid, template(_believed(modules, fixed)), 2, bend=turn > 0)
    return None, grid


def _corrected(modules: Modules, version: int, likely: list[Format]) -> Bits | None:
    sureness = modules.sureness
    for form in likely:
        bits = corrected(modules.signs, sureness, version, form)
        if bits is not None and _agreement(bits, modules.signs, sureness) >= _LIKE_WHAT_WAS_SEEN:
            return bits
    return None


def _agreement(bits: Bits, signs: Signs, sureness: Signs) -> float:
    """The share of what is sure that ``bits`` says too."""
    return float(sureness[(signs > 0) == (bits > 0)].sum() / (sureness.sum() + 1e-6))


def _believed(modules: Modules, fixed: Signs) -> Signs:
    """Signs as far as they can be trusted: where modules all around are sure, the grid lies well."""
    around = cv2.blur(np.minimum(modules.sureness, 1), (5, 5), borderType=cv2.BORDER_REFLECT)
    trusted = np.clip(modules.signs, -1, 1) * np.clip(2 * around - 0.4, 0, 1)
    return np.where(fixed != 0, fixed, trusted).astype(np.float32)
