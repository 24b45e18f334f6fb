"""Fully ruled tables on A4: a frame of three dots, a rule between all rows, the head again on every sheet.

Words too long for their cell are broken into lines; a sum is not, and one that does not fit is a finding. Type is never
made smaller for a single cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import assert_never

from devices.printer.a4.grid import GRID_A4
from devices.printer.glyphs import cells_of
from devices.printer.grid import Face, Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line, Measure, break_lines
from devices.printer.page import Block, LayoutFault, LayoutProblem, Mark
from kiosk.domain.paper import Align, FieldGroup, PaperField, SumRow, Table

_FRAME, _INNER = 3, 2
_PADDING = 14
_AIR = 8
_MOST_LINES = 12
_ENDLESS = 100 * GRID_A4.width
_TO_WRITE_ON = "＿"
_CARRIED, _BROUGHT = "过次页", "承前页"
_FIELD_BOUNDS = (0, 180, 640, 820, 1280)


@dataclass(frozen=True, slots=True)
class Density:
    """Type and the least heights of rows, in dots."""

    text: Style
    field_row: int
    head_row: int
    row: int


ROOMY = Density(Style(Face.SANS, 32, 46), 68, 72, 66)
DENSE = Density(Style(Face.SANS, 28, 38), 54, 47, 41)
TIGHT = Density(Style(Face.SANS, 28, 36), 48, 44, 38)


@dataclass(frozen=True, slots=True)
class RuledCell:
    """``lines`` between the column's dots ``left`` and ``right``, counted from the table's left edge."""

    left: int
    right: int
    lines: tuple[Line, ...]
    style: Style
    align: Align


@dataclass(frozen=True, slots=True)
class RuledRow:
    """``strong`` has a rule of two dots below it. A sheet may end after a row that ``may_end``; ``carried`` is then the
    row of sums down to here, if the table carries any."""

    cells: tuple[RuledCell, ...]
    height: int
    strong: bool = False
    may_end: bool = False
    carried: "RuledRow | None" = None
    brought: "RuledRow | None" = None


@dataclass(frozen=True, slots=True)
class RuledTable:
    head: RuledRow | None
    rows: tuple[RuledRow, ...]


def field_table(group: FieldGroup, density: Density) -> RuledTable:
    """Two labels and values a row; a value too long for its half has a row of its own."""
    rows: list[RuledRow] = []
    waiting: list[PaperField] = []
    for field in group.fields:
        if _too_long(field, density):
            rows += [_field_row([each], density) for each in waiting]
            rows.append(_field_row([field], density))
            waiting = []
        elif waiting:
            rows.append(_field_row([*waiting, field], density))
            waiting = []
        else:
            waiting = [field]
    rows += [_field_row([each], density) for each in waiting]
    return RuledTable(None, tuple(replace(part, may_end=True) for row in rows for part in _parts(row)))


def ruled_table(table: Table, density: Density) -> RuledTable | LayoutProblem:
    grid = _Columns(table, density)
    rows: list[RuledRow] = []
    for group in table.groups:
        for part in group.parts:
            rows += [piece for cells in part.rows for piece in _parts(grid.row(cells))]
            if rows and part.rows:
                rows[-1] = replace(
                    rows[-1],
                    may_end=True,
                    carried=None if part.carried is None else grid.sums(part.carried, _CARRIED),
                    brought=None if part.carried is None else grid.sums(part.carried, _BROUGHT),
                )
        if group.subtotal is not None:
            rows.append(_after(rows, grid.sums(group.subtotal)))
    if table.total is not None:
        rows.append(_after(rows, grid.sums(table.total)))
    return grid.problem or RuledTable(grid.head(), tuple(rows))


def table_marks(rows: Sequence[RuledRow], left: int, top: int) -> list[Mark]:
    """The rows from ``top`` down, in one frame as wide as the column."""
    width, marks, y = GRID_A4.column, [], top
    for index, row in enumerate(rows):
        marks += _row_marks(row, left, y)
        y += row.height
        if index < len(rows) - 1:
            marks.append(Block(left, y - 1, width, 2 if row.strong else 1))
    marks += [
        Block(left, top, width, _FRAME),
        Block(left, y - _FRAME, width, _FRAME),
        Block(left, top, _FRAME, y - top),
        Block(left + width - _FRAME, top, _FRAME, y - top),
    ]
    return marks


def _after(rows: list[RuledRow], sums: RuledRow) -> RuledRow:
    """A row of sums stays with the row above it, and a sheet may end after it as it might have ended there."""
    strong = replace(sums, strong=True)
    if not rows:
        return strong
    last, rows[-1] = rows[-1], replace(rows[-1], may_end=False)
    return replace(strong, may_end=last.may_end, carried=last.carried, brought=last.brought)


class _Columns:
    """The columns of one table; ``problem`` is the first cell that did not fit."""

    def __init__(self, table: Table, density: Density) -> None:
        self.problem: LayoutProblem | None = None
        self._columns = table.columns
        self._density = density
        whole, before, bounds = max(1, sum(column.width for column in table.columns)), 0, [0]
        for column in table.columns:
            before += column.width
            bounds.append(GRID_A4.column * before // whole)
        self._bounds = bounds

    def head(self) -> RuledRow:
        style = self._density.text.bold()
        cells = [self._cell(index, column.title, style, Align.CENTRE) for index, column in enumerate(self._columns)]
        return RuledRow(tuple(cells), _height(cells, self._density.head_row), strong=True)

    def row(self, texts: Sequence[str]) -> RuledRow:
        style = self._density.text
        cells = [self._cell(index, text, style, self._columns[index].align) for index, text in enumerate(texts)]
        return RuledRow(tuple(cells), _height(cells, self._density.row))

    def sums(self, sums: SumRow, word: str = "") -> RuledRow:
        """The label in the first cell and, where it is empty, the count at the right of the last cell before the sums;
        both run over all of these where the label is longer than its cell."""
        style = self._density.text.bold() if not word else self._density.text
        filled = [index for index, text in enumerate(sums.cells) if index and text]
        first = filled[0] if filled else len(self._columns)
        label = f"{word} {sums.label}".strip()
        cells = self._labels(label, sums.count, first, style)
        cells += [
            self._cell(index, sums.cells[index], style, self._columns[index].align)
            for index in range(first, len(self._columns))
        ]
        return RuledRow(tuple(cells), _height(cells, self._density.row))

    def _labels(self, label: str, count: str, end: int, style: Style) -> list[RuledCell]:
        """Cells 0 to ``end``."""
        at = 1 if end > 2 and self._bounds[1] < self._bounds[2] - self._bounds[1] else 0
        fits = _width(label, style) <= self._bounds[at + 1] - self._bounds[at] - 2 * _PADDING
        if not fits or end < at + 2:
            whole = f"{label} {count}".strip()
            return [_set(self._bounds[0], self._bounds[end], whole, style, Align.CENTRE)]
        texts = [""] * end
        texts[at], texts[end - 1] = label, count
        aligns = [Align.CENTRE] * (end - 1) + [Align.RIGHT]
        return [self._cell(index, text, style, aligns[index]) for index, text in enumerate(texts)]

    def _cell(self, index: int, text: str, style: Style, align: Align) -> RuledCell:
        cell = _set(self._bounds[index], self._bounds[index + 1], text, style, align)
        if any(line.width > cell.right - cell.left - _PADDING - _INNER for line in cell.lines):
            self.problem = self.problem or LayoutProblem(LayoutFault.CELL_TOO_WIDE, self._columns[index].title)
        return cell


def _set(left: int, right: int, text: str, style: Style, align: Align) -> RuledCell:
    """Figures and all that stands on the right is one line, however wide."""
    one_line = align is Align.RIGHT or text.isascii()
    room = _ENDLESS if one_line else right - left - 2 * _PADDING
    return RuledCell(left, right, break_lines(cells_of(text, style), Measure(room, style.size)), style, align)


def _field_row(fields: Sequence[PaperField], density: Density) -> RuledRow:
    bounds = _FIELD_BOUNDS if len(fields) == 2 else (*_FIELD_BOUNDS[:2], _FIELD_BOUNDS[-1])
    cells: list[RuledCell] = []
    for index, field in enumerate(fields):
        left, middle, right = bounds[2 * index : 2 * index + 3]
        cells.append(_label_cell(left, middle, field.label, density.text))
        value = "" if not field.value.strip(_TO_WRITE_ON) else field.value
        style = density.text.bold() if field.strong else density.text
        lines = break_lines(cells_of(value, style), Measure(right - middle - 2 * _PADDING - _INNER, style.size))
        cells.append(RuledCell(middle, right, lines, style, Align.LEFT))
    return RuledRow(tuple(cells), _height(cells, density.field_row))


def _label_cell(left: int, right: int, label: str, style: Style) -> RuledCell:
    """Labels of two characters are spread to three em."""
    lines = break_lines(cells_of(label, style), Measure(right - left - _PADDING, style.size, balanced=True))
    if len(lines) == 1 and len(label) == len(lines[0].cells) == 2:
        (_, first), (_, last) = lines[0].cells
        lines = (Line(((0, first), (2 * style.size, last)), 2 * style.size + last.advance),)
    return RuledCell(left, right, lines, style, Align.CENTRE)


def _too_long(field: PaperField, density: Density) -> bool:
    style = density.text.bold() if field.strong else density.text
    return _width(field.value, style) > _FIELD_BOUNDS[2] - _FIELD_BOUNDS[1] - 2 * _PADDING - _INNER


def _width(text: str, style: Style) -> int:
    lines = break_lines(cells_of(text, style), Measure(_ENDLESS, style.size))
    return max((line.width for line in lines), default=0)


def _height(cells: Sequence[RuledCell], least: int) -> int:
    several = (len(cell.lines) * cell.style.line + 2 * _AIR for cell in cells if len(cell.lines) > 1 or not least)
    return max([least, *several])


def _parts(row: RuledRow) -> list[RuledRow]:
    """A row that no sheet could hold, as rows that go on with it."""
    count = max((len(cell.lines) for cell in row.cells), default=0)
    if count <= _MOST_LINES:
        return [row]
    parts = []
    for start in range(0, count, _MOST_LINES):
        cells = tuple(replace(cell, lines=cell.lines[start : start + _MOST_LINES]) for cell in row.cells)
        parts.append(replace(row, cells=cells, height=_height(cells, 0)))
    return parts


def _row_marks(row: RuledRow, left: int, top: int) -> list[Mark]:
    """Text and the rules between cells."""
    sheet = Sheet(GRID_A4)
    for cell in row.cells:
        sheet.y = top + (row.height - len(cell.lines) * cell.style.line) // 2
        for line in cell.lines:
            sheet.put(line, left + _x(cell, line), cell.style)
            sheet.y += cell.style.line
    sheet.marks += [Block(left + one.right, top, _INNER, row.height) for one, _ in pairwise(row.cells)]
    return sheet.marks


def _x(cell: RuledCell, line: Line) -> int:
    match cell.align:
        case Align.LEFT:
            return cell.left + _INNER + _PADDING
        case Align.CENTRE:
            return cell.left + (cell.right - cell.left - line.width) // 2
        case Align.RIGHT:
            return cell.right - _PADDING - line.width
        case _:
            assert_never(cell.align)
