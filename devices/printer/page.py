"""A page as the marks on it, in dots from the top left corner of the raster."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.printer.glyphs import Cell

Bits = npt.NDArray[np.bool_]
"""Shape (rows, dots): True is a black dot."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """``baseline`` is the y of the baseline; ``white`` stands on black."""

    x: int
    baseline: int
    cell: Cell
    white: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of black (or, with ``white``, erased) dots."""

    x: int
    y: int
    width: int
    height: int
    white: bool = False


@dataclass(frozen=True, slots=True)
class Dotted:
    """A horizontal rule of one dot height: 2 dots on, 4 off."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A frame whose right side is the tip of an arrow; ``tip`` is the tip's width, ``stroke`` its line width."""

    x: int
    y: int
    width: int
    height: int
    tip: int
    stroke: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A black tick in a white disc on black; ``size`` is the disc's diameter."""

    x: int
    y: int
    size: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A two-dimensional code: each module of ``modules`` is a square of ``module`` dots."""

    x: int
    y: int
    module: int
    modules: Bits


Mark = Glyph | Block | Dotted | Arrow | Tick | Matrix


@dataclass(frozen=True, slots=True)
class Page:
    width: int
    height: int
    marks: tuple[Mark, ...]
