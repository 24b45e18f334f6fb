"""A page as the marks on it, in dots from the top left corner of the raster."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from devices.printer.glyphs import Cell
from kiosk.domain.paper import Seal

Bits = npt.NDArray[np.bool_]
"""Shape (rows, dots): True is a black dot."""


class Glyph(NamedTuple):
    """``baseline`` is the y of the baseline; ``white`` stands on black, ``halo`` keeps the dots around free."""

    x: int
    baseline: int
    cell: Cell
    white: bool = False
    halo: bool = False


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


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A square outline of ``size`` dots, with a tick in it where ``ticked``."""

    x: int
    y: int
    size: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class Hatch:
    """A rectangle of slanting lines."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal in a square of ``size`` dots."""

    x: int
    y: int
    size: int
    seal: Seal


Mark = Glyph | Block | Dotted | Arrow | Tick | Matrix | Checkbox | Hatch | Stamp


@dataclass(frozen=True, slots=True)
class Page:
    width: int
    height: int
    marks: tuple[Mark, ...]


class LayoutFault(Enum):
    """``CODE_TOO_LARGE``: the text of the code does not fit the roll, or any code at all. ``CELL_TOO_WIDE``: a table
    never shrinks what it says."""

    CODE_TOO_LARGE = "code-too-large"
    CELL_TOO_WIDE = "cell-too-wide"


@dataclass(frozen=True, slots=True)
class LayoutProblem:
    """A paper that cannot be set on this roll; ``column`` is the title of the table's column at fault, if any."""

    fault: LayoutFault
    column: str = ""
