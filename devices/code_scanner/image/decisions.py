"""Which modules of a laid grid are dark: a reader that learns from the modules every symbol shares.

Blur, the motion of a hand, a screen's raster and sharpening all mix a module with its neighbours in the same way over
the symbol. The fixed patterns are a training sequence, as for the equaliser of a modem: a linear reader over the light
in and around a module is fitted to them, then again to what it is sure of itself.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from devices.code_scanner.image.grid import Floats, Grid, products, sample
from devices.code_scanner.image.symbol import Signs

_STEP = 3
"""Samples a module and direction."""
_REACH = 4
"""Samples that are looked at on each side of a module's middle."""
_MARGIN = 2
"""Modules around the symbol that are looked at."""
_ROUND = 9
"""Modules over which light may not change much."""
_ROUNDS = 2
_SURE = 0.3


@dataclass(frozen=True, slots=True)
class Modules:
    """``signs``: of every module, nearer 0 the less sure; ``contrast`` of the light around it, 1 that of the symbol,
    at most 1. Shape (side, side)."""

    signs: Signs = field(repr=False)
    contrast: Floats = field(repr=False)

    @property
    def sureness(self) -> Floats:
        return np.abs(self.signs) * self.contrast


def decide(light: Floats, grid: Grid, known: Signs) -> Modules:
    """``known`` holds the signs that are certain, 0 elsewhere."""
    seen, contrast = _look(light, grid)
    certain = known.reshape(-1)
    taught, weight = certain, np.abs(certain)
    signs = np.zeros_like(certain)
    for turn in range(_ROUNDS + 1):
        signs = _fitted(seen, taught, weight, 0.05 if turn == 0 else 0.01)
        sure = np.clip(np.abs(signs), 0, 1) * contrast.reshape(-1)
        taught = np.where(certain != 0, certain, np.sign(signs))
        weight = np.where(certain != 0, 1, np.where(sure > _SURE, sure, 0)).astype(np.float32)
    return Modules(signs.reshape(known.shape), contrast)


def _look(light: Floats, grid: Grid) -> tuple[Floats, Floats]:
    """The light in and around every module, shape (modules, samples), flattened: its local mean taken off, its local
    contrast taken as 1; and that contrast."""
    side = grid.side
    pad = _STEP * _MARGIN
    at = (np.arange(_STEP * side + 2 * pad, dtype=np.float32) + 0.5) / _STEP - _MARGIN
    u, v = np.meshgrid(at, at)
    samples = sample(light, *grid.places(u, v))
    inner = samples[pad:-pad, pad:-pad]
    size = (_ROUND * _STEP, _ROUND * _STEP)
    mean = cv2.blur(inner, size, borderType=cv2.BORDER_REFLECT)
    spread = np.sqrt(cv2.blur((inner - mean) ** 2, size, borderType=cv2.BORDER_REFLECT))
    usual = float(np.median(spread)) + 1e-6
    flat = (samples - np.pad(mean, pad, mode="edge")) / np.pad(np.maximum(spread, usual / 3), pad, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(np.clip(flat, -3, 3), (2 * _REACH + 1, 2 * _REACH + 1))
    first = pad + _STEP // 2 - _REACH
    chosen = windows[first : first + _STEP * side : _STEP, first : first + _STEP * side : _STEP]
    contrast = np.clip(spread[_STEP // 2 :: _STEP, _STEP // 2 :: _STEP] / usual, 0, 1)
    features = chosen.reshape(side * side, -1)
    return np.hstack([features, np.ones((side * side, 1), np.float32)]), contrast.astype(np.float32)


def _fitted(seen: Floats, taught: Floats, weight: Floats, ridge: float) -> Signs:
    """What the linear reader that best tells ``taught`` says of every module."""
    rows = weight > 0
    moments = products(np.column_stack([seen[rows], taught[rows]]) * np.sqrt(weight[rows])[:, None])
    normal, right = moments[:-1, :-1], moments[:-1, -1]
    normal[np.arange(len(normal)), np.arange(len(normal))] += ridge * np.trace(normal) / len(normal) + 1e-9
    fit = np.linalg.solve(normal, right).astype(np.float32)
    return np.asarray(np.einsum("ij,j->i", seen, fit), np.float32)
