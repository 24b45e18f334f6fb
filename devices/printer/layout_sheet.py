"""A page of a roll being filled from the top: lines, rules and frames on the grid, every distance in dots."""

import re

from devices.printer.glyphs import cells_of
from devices.printer.grid import BOTTOM, TOP, Grid, Style
from devices.printer.line_breaking import Line, Measure, break_lines
from devices.printer.page import Block, Dotted, Glyph, Mark, Page

_SPELT_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ASCENT = 0.88


class Sheet:
    """``y`` is where the next line starts; ``marks`` is what stands already."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.left = grid.margin
        self.right = grid.margin + grid.column
        self.marks: list[Mark] = []
        self.y = TOP

    def page(self) -> Page:
        """What has been set so far, closed."""
        return Page(self.grid.width, self.y + BOTTOM, tuple(self.marks))

    # Lines

    def pair(self, left: str, right: str, style: Style) -> None:
        """Two texts on one line, to the left and right edges; under each other where they would meet."""
        column = self.grid.column
        lefts, rights = (self.lines(text, style, column) for text in (left, right))
        one_line = len(lefts) <= 1 and len(rights) <= 1
        if one_line and sum(line.width for line in (*lefts, *rights)) + style.size <= column:
            for line in lefts:
                self.put(line, self.left, style)
            for line in rights:
                self.put(line, self.right - line.width, style)
            self.y += style.line
            return
        self.stack(lefts, style)
        for line in rights:
            self.put(line, self.right - line.width, style)
            self.y += style.line

    def centred(self, text: str, style: Style) -> None:
        for line in self.lines(text, style, self.grid.column, balanced=True):
            self.put(line, self.middle(line.width), style)
            self.y += style.line

    def paragraph(self, text: str, style: Style, left: int, width: int) -> None:
        self.stack(break_lines(cells_of(text, style), Measure(width, style.size, justify=True)), style, left)

    def stack(self, lines: tuple[Line, ...], style: Style, left: int | None = None) -> None:
        """One line under the other, from ``left`` or the column's edge."""
        for line in lines:
            self.put(line, self.left if left is None else left, style)
            self.y += style.line

    def lines(self, text: str, style: Style, width: int, balanced: bool = False) -> tuple[Line, ...]:
        return break_lines(cells_of(text, style), Measure(width, style.size, balanced=balanced))

    def largest(self, text: str, width: int, styles: tuple[Style, ...]) -> Style:
        """The first style that sets the text in one line, else the last."""
        return next((style for style in styles if self._one_line(text, style, width)), styles[-1])

    def _one_line(self, text: str, style: Style, width: int) -> bool:
        lines = self.lines(text, style, width)
        return not lines or (len(lines) == 1 and lines[0].width <= width)

    def put(self, line: Line, left: int, style: Style, white: bool = False, halo: bool = False) -> None:
        """One line at ``y``, which stays."""
        baseline = self.baseline(style)
        self.marks.extend(Glyph(left + x, baseline, cell, white, halo) for x, cell in line.cells if not cell.is_space)

    def baseline(self, style: Style) -> int:
        """Of a line set at ``y``."""
        return self.y + (style.line - style.size) // 2 + round(_ASCENT * style.size)

    def middle(self, width: int) -> int:
        """The left edge of something ``width`` dots wide in the middle of the column."""
        return self.left + (self.grid.column - width) // 2

    def dated(self, text: str) -> str:
        """``text`` with its dates as this roll writes them."""
        return text if self.grid.wide else _SPELT_DATE.sub(_numeric, text)

    # Rules

    def rule(self, height: int, before: int, after: int) -> None:
        self.marks.append(Block(self.left, self.y + before, self.grid.column, height))
        self.y += before + height + after

    def dotted(self, before: int = 10, after: int = 8) -> None:
        self.marks.append(Dotted(self.left, self.y + before, self.grid.column))
        self.y += before + 1 + after

    def frame(self, top: int, height: int, inset: int, stroke: int) -> None:
        """A rectangle across the column, ``inset`` dots inside it."""
        left, width = self.left + inset, self.grid.column - 2 * inset
        top, height = top + inset, height - 2 * inset
        self.marks.extend(
            (
                Block(left, top, width, stroke),
                Block(left, top + height - stroke, width, stroke),
                Block(left, top, stroke, height),
                Block(left + width - stroke, top, stroke, height),
            )
        )


def _numeric(date: re.Match[str]) -> str:
    year, month, day = date.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}"
