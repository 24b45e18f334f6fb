"""The pieces of a document that stay whole on a sheet, if any sheet can hold them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from devices.printer.a4.grid import GRID_A4
from devices.printer.layout_sheet import Sheet
from devices.printer.page import Arrow, Block, Checkbox, Dotted, Glyph, Hatch, Mark, Matrix, Stamp, Tick


@dataclass(frozen=True, slots=True)
class Piece:
    """``marks`` from y = 0 down to ``height``, with ``above`` dots of air over it unless it begins a sheet."""

    height: int
    marks: tuple[Mark, ...]
    above: int = 0


def piece(fill: Callable[[Sheet], object], above: int = 0) -> Piece:
    """What ``fill`` sets on a sheet whose ``y`` is 0 at first."""
    sheet = Sheet(GRID_A4)
    sheet.y = 0
    fill(sheet)
    return Piece(sheet.y, tuple(sheet.marks), above)


def lowered(marks: Iterable[Mark], dots: int) -> list[Mark]:
    return [
        mark._replace(baseline=mark.baseline + dots) if isinstance(mark, Glyph) else replace(mark, y=mark.y + dots)
        for mark in marks
    ]


def split(whole: Piece, room: int) -> tuple[Piece, Piece]:
    """So much of a piece as ``room`` holds, between two lines, and the rest; all of it where no line ends in time."""
    cut = 0
    end = 0
    for top, bottom in sorted(extent(mark) for mark in whole.marks):
        if top >= end and end <= room:
            cut = end
        end = max(end, bottom)
    if cut <= 0:
        return whole, Piece(0, ())
    upper = tuple(mark for mark in whole.marks if extent(mark)[1] <= cut)
    lower = tuple(mark for mark in whole.marks if extent(mark)[1] > cut)
    return Piece(cut, upper, whole.above), Piece(whole.height - cut, tuple(lowered(lower, -cut)))


def extent(mark: Mark) -> tuple[int, int]:
    """Top and bottom."""
    match mark:
        case Glyph():
            return mark.baseline - mark.cell.size, mark.baseline + mark.cell.size // 4
        case Block() | Hatch() | Arrow():
            return mark.y, mark.y + mark.height
        case Matrix():
            return mark.y, mark.y + mark.modules.shape[0] * mark.module
        case Checkbox() | Tick() | Stamp():
            return mark.y, mark.y + mark.size
        case Dotted():
            return mark.y, mark.y + 1
        case _:
            assert_never(mark)
