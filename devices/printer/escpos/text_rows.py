"""Which lines of a page the printer's own font can set, and the page without them.

A line goes as text when all its characters are plain Sans of the font's size, the font has every one of them, its cells
find room within a dot of where Chinese and two dots of where letters stand in the layout, and nothing else is black in
its rows. Everything else stays dots.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from devices.printer.escpos.gb18030 import ROWS, Coverage, PlacedText, cell_width, code_of, text_line
from devices.printer.escpos_raster import RasterCommand, encode
from devices.printer.fonts import FontProblem, load_fonts
from devices.printer.glyphs import Cut
from devices.printer.grid import GRID_58, GRID_80
from devices.printer.layout_strips import lay_out_strips
from devices.printer.page import Bits, Glyph, LayoutProblem, Mark, Page
from devices.printer.rasterise import rasterise
from devices.printer.render import RollWidth
from kiosk.domain.paper import Paper

_ASCENT_ROWS = 21
"""Of the 24 rows of a Chinese cell, those above the layout's baseline."""

_SHIFT = {True: 2.0, False: 1.0}
"""Dots that the middle of a letter's cell, and of a Chinese one, may lie off the layout's."""


_WIDEST = 15
"""Dots that a letter may be wide in the layout: in its cell of 12 a W would leave holes in the word."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line in ``ROWS`` rows from ``top``; ``data`` prints it and leaves the paper right below."""

    top: int
    data: bytes


@dataclass(frozen=True, slots=True)
class HybridStrip:
    """``bits`` has no black dot in the rows of ``text``, which goes from the top down and never overlaps."""

    bits: Bits
    text: tuple[TextRow, ...]

    def commands(self) -> tuple[RasterCommand, ...]:
        """In the order of the paper; a line of text is as much paper as its rows of dots."""
        commands: list[RasterCommand] = []
        done = 0
        for row in self.text:
            commands += encode(self.bits[done : row.top])
            commands.append(RasterCommand(row.data, ROWS))
            done = row.top + ROWS
        return (*commands, *encode(self.bits[done:]))


def render_hybrid(
    paper: Paper, paper_width: RollWidth, coverage: Coverage
) -> tuple[HybridStrip, ...] | FontProblem | LayoutProblem:
    """As ``render_strips``, for a printer whose own font has ``coverage``. Needs a QGuiApplication."""
    problem = load_fonts()
    if problem is not None:
        return problem
    pages = lay_out_strips(paper, GRID_80 if paper_width == 80 else GRID_58)
    return pages if isinstance(pages, LayoutProblem) else tuple(hybrid(page, coverage) for page in pages)


def hybrid(page: Page, coverage: Coverage) -> HybridStrip:
    """Needs a QGuiApplication."""
    lines = _apart(_settable(page.marks, coverage))
    bits = rasterise(_without(page, lines))
    alone = [line for line in lines if not bits[line.top : line.top + ROWS].any()]
    if len(alone) < len(lines):
        bits = rasterise(_without(page, alone))
    return HybridStrip(bits, tuple(TextRow(line.top, text_line(line.pieces, coverage)) for line in alone))


@dataclass(frozen=True, slots=True)
class _Line:
    baseline: int
    pieces: tuple[PlacedText, ...]

    @property
    def top(self) -> int:
        return self.baseline - _ASCENT_ROWS


def _settable(marks: Iterable[Mark], coverage: Coverage) -> list[_Line]:
    """All that stands on one baseline is one line; it is settable as a whole or not at all."""
    glyphs = sorted((mark for mark in marks if isinstance(mark, Glyph)), key=lambda glyph: (glyph.baseline, glyph.x))
    lines: list[_Line] = []
    for baseline, group in groupby(glyphs, key=lambda glyph: glyph.baseline):
        line = tuple(group)
        places = _places(line) if baseline >= _ASCENT_ROWS and all(_has(glyph, coverage) for glyph in line) else None
        if places is not None:
            lines.append(_Line(baseline, _joined(line, places)))
    return lines


def _has(glyph: Glyph, coverage: Coverage) -> bool:
    cell = glyph.cell
    plain = cell.cut is Cut.SANS and not (cell.bold or glyph.white or glyph.halo or cell.rise)
    fits = cell.size == ROWS and len(cell.text) == 1 and (cell.advance <= _WIDEST or not cell.text.isascii())
    return plain and fits and code_of(cell.text, coverage) is not None


def _places(line: Sequence[Glyph]) -> list[int] | None:
    """The cells' left edges: as near to the layout as cells that do not overlap can stand, None if not near enough.

    With the widths of the cells before it taken off, each place may be no less than the one before it; the mean of the
    running maximum from the left and minimum from the right is nearest in its largest difference.
    """
    widths = np.array([cell_width(glyph.cell.text) for glyph in line])
    wanted = np.array([glyph.x + (glyph.cell.advance - width) / 2 for glyph, width in zip(line, widths, strict=True)])
    before = np.concatenate(([0], np.cumsum(widths[:-1])))
    free = wanted - before
    nearest = (np.maximum.accumulate(free) + np.minimum.accumulate(free[::-1])[::-1]) / 2
    places = np.floor(nearest).astype(np.int64) + before
    near = np.array([_SHIFT[glyph.cell.text.isascii()] for glyph in line])
    return places.tolist() if places[0] >= 0 and (np.abs(places - wanted) <= near).all() else None


def _joined(line: Sequence[Glyph], places: Sequence[int]) -> tuple[PlacedText, ...]:
    """What stands side by side needs its place only once."""
    pieces: list[PlacedText] = []
    end = -1
    for glyph, place in zip(line, places, strict=True):
        character = glyph.cell.text
        if place == end:
            pieces[-1] = PlacedText(pieces[-1].x, pieces[-1].text + character)
        else:
            pieces.append(PlacedText(place, character))
        end = place + cell_width(character)
    return tuple(pieces)


def _apart(lines: Sequence[_Line]) -> list[_Line]:
    """Those in whose rows no other line begins or ends; they come from the top down."""
    return [
        line
        for number, line in enumerate(lines)
        if all(abs(line.top - other.top) >= ROWS for other in lines[max(0, number - 1) : number + 2] if other != line)
    ]


def _without(page: Page, lines: Sequence[_Line]) -> Page:
    gone = {line.baseline for line in lines}
    kept = tuple(mark for mark in page.marks if not (isinstance(mark, Glyph) and mark.baseline in gone))
    return Page(page.width, page.height, kept)
