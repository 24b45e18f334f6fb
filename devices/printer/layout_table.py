"""Tables on a roll: repeated head, sums by group, amounts to the right edge; a cell that does not fit is a problem.

Only text that reads from the left breaks into lines. Where a table goes on on another strip, the sums so far are
carried over (过次页) and brought forward (承前页).
"""

from dataclasses import dataclass, replace
from typing import assert_never

from devices.printer.glyphs import cells_of
from devices.printer.grid import Style
from devices.printer.layout_sheet import Sheet
from devices.printer.line_breaking import Line, Measure, break_lines
from devices.printer.page import LayoutFault, LayoutProblem
from kiosk.domain.paper import Align, Column, RowGroup, SumRow, Table

_PAD = 4
"""Dots a cell keeps free on either side."""

_GAP = 6
"""Dots between what two cells say, at least."""

_RIGHT_PAD = 2

_RULED_PAD = 4
"""Dots above and below the rows of a ruled table."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """So much of a table as stands on one strip. ``page`` is 第1页 共2页, empty on a paper of one strip."""

    table: Table
    page: str = ""
    brought: SumRow | None = None
    carried: SumRow | None = None


@dataclass(frozen=True, slots=True)
class _Slot:
    """A column's place on the roll; ``index`` is its cell in a row."""

    index: int
    title: str
    align: Align
    left: int
    width: int


def set_table(sheet: Sheet, part: TablePart) -> LayoutProblem | None:
    table = part.table
    if part.page or table.unit:
        sheet.pair(part.page, table.unit or "", sheet.grid.small)
    rows = _TableRows(sheet, _slots(sheet, table.columns), table.ruled)
    sheet.rule(3, before=2, after=1)
    rows.head()
    sheet.rule(2 if table.ruled else 1, before=1, after=1)
    if part.brought is not None:
        rows.sums(replace(part.brought, label=f"承前页 {part.brought.label}".strip()))
        sheet.rule(1, before=1, after=1)
    for index, group in enumerate(table.groups):
        rows.group(group, last=index == len(table.groups) - 1)
    for sums, bold in ((table.total, True), (part.carried, False)):
        if sums is not None:
            sheet.rule(1, before=1, after=1)
            rows.sums(replace(sums, label=f"过次页 {sums.label}".strip()) if sums is part.carried else sums, bold)
    sheet.rule(3, before=1, after=4)
    _set_closing(sheet, table)
    return rows.problem


def _slots(sheet: Sheet, columns: tuple[Column, ...]) -> tuple[_Slot, ...]:
    """The widths share out the whole column, to the dot."""
    wide, room = sheet.grid.wide, sheet.grid.column
    shares = [column.width if wide else column.narrow_width for column in columns]
    whole = max(1, sum(shares))
    slots, before = [], 0
    for index, (column, share) in enumerate(zip(columns, shares, strict=True)):
        left, right = (room * edge // whole for edge in (before, before + share))
        before += share
        if share:
            title = column.title if wide or column.narrow_title is None else column.narrow_title
            slots.append(_Slot(index, title, column.align, sheet.left + left, right - left))
    return tuple(slots)


def _set_closing(sheet: Sheet, table: Table) -> None:
    """Labels to the left, values to the right, in the size of what counts."""
    grid = sheet.grid
    for field in table.closing:
        top = sheet.y
        value = sheet.lines(field.value, grid.value.bold(), grid.column)
        room = grid.column - max((line.width for line in value), default=0) - grid.label.size
        beside = room >= 4 * grid.label.size
        label = sheet.lines(field.label, grid.label, room if beside else grid.column)
        sheet.stack(label, Style(grid.label.face, grid.label.size, grid.value.line))
        bottom = sheet.y
        sheet.y = top if beside else bottom
        for line in value:
            sheet.put(line, sheet.right - line.width, grid.value.bold())
            sheet.y += grid.value.line
        sheet.y = max(sheet.y, bottom)


class _TableRows:
    """Sets row under row; ``problem`` is the first cell that did not fit."""

    def __init__(self, sheet: Sheet, slots: tuple[_Slot, ...], ruled: bool) -> None:
        self.problem: LayoutProblem | None = None
        self._sheet = sheet
        self._slots = slots
        self._ruled = ruled

    def head(self) -> None:
        self._set([(slot, slot.title) for slot in self._slots], self._sheet.grid.table.bold())

    def group(self, group: RowGroup, last: bool) -> None:
        """A rule follows unless what follows the last group has one of its own."""
        sheet, style = self._sheet, self._sheet.grid.table
        narrow = not sheet.grid.wide and bool(group.title)
        if narrow:
            sheet.stack(sheet.lines(group.title, style.bold(), sheet.grid.column - _PAD), style, sheet.left + _PAD)
        for index, part in enumerate(group.parts):
            if index:
                self._between()
            for number, row in enumerate(part.rows):
                if number and self._ruled:
                    self._between()
                cells = (row[0].removeprefix(group.stem), *row[1:]) if narrow else row
                self._set([(slot, cells[slot.index]) for slot in self._slots], style)
        if group.subtotal is not None:
            sheet.rule(1, before=1, after=1)
            self.sums(group.subtotal, bold=True)
        if not last:
            sheet.rule(1, before=1, after=1)

    def _between(self) -> None:
        if self._ruled:
            self._sheet.rule(1, before=0, after=0)
        else:
            self._sheet.dotted(before=0, after=0)

    def sums(self, sums: SumRow, bold: bool = False) -> None:
        """The label runs over the empty cells after it; the count is left out where there is no room for both."""
        style = self._sheet.grid.table.bold() if bold else self._sheet.grid.table
        filled = [slot for slot in self._slots if slot.index and sums.cells[slot.index]]
        first = self._slots[0]
        over = _Slot(0, first.title, Align.LEFT, first.left, self._room(filled, sums, style) - first.left)
        full = f"{sums.label} {sums.count}".strip()
        label = full if len(self._lines(over, full, style)) <= 1 else sums.label
        if len(self._lines(over, label, style)) > 1:
            self.problem = self.problem or LayoutProblem(LayoutFault.CELL_TOO_WIDE, first.title)
        self._set([(over, label), *((slot, sums.cells[slot.index]) for slot in filled)], style)

    def _room(self, filled: list[_Slot], sums: SumRow, style: Style) -> int:
        """The right edge of what the label may take: the first sum's own left edge."""
        if not filled:
            return self._sheet.right
        first = filled[0]
        lines = self._lines(first, sums.cells[first.index], style)
        return min((_left(first, line) for line in lines), default=first.left) - _GAP + _PAD

    def _set(self, cells: list[tuple[_Slot, str]], style: Style) -> None:
        sheet = self._sheet
        air = _RULED_PAD if self._ruled else 0
        sheet.y += air
        top = bottom = sheet.y
        free = sheet.left
        for slot, text in cells:
            sheet.y = top
            lines = self._lines(slot, text, style)
            for line in lines:
                self._check(slot, line, free)
                sheet.put(line, _left(slot, line), style)
                sheet.y += style.line
            free = max((_left(slot, line) + line.width + _GAP for line in lines), default=free)
            bottom = max(bottom, sheet.y)
        sheet.y = max(bottom, top + style.line) + air

    def _check(self, slot: _Slot, line: Line, free: int) -> None:
        """An amount may reach into the room that its left neighbour leaves, from ``free`` on."""
        left = _left(slot, line)
        if left < free or left + line.width > slot.left + slot.width:
            self.problem = self.problem or LayoutProblem(LayoutFault.CELL_TOO_WIDE, slot.title)

    def _lines(self, slot: _Slot, text: str, style: Style) -> tuple[Line, ...]:
        """Numbers, and all that is not set from the left, stay on one line however wide."""
        breaks = slot.align is Align.LEFT and not text.isascii()
        room = slot.width - 2 * _PAD if breaks else 100 * self._sheet.grid.width
        return break_lines(cells_of(text, style), Measure(room, style.size))


def _left(slot: _Slot, line: Line) -> int:
    match slot.align:
        case Align.LEFT:
            return slot.left + _PAD
        case Align.CENTRE:
            return slot.left + (slot.width - line.width) // 2
        case Align.RIGHT:
            return slot.left + slot.width - _RIGHT_PAD - line.width
        case _:
            assert_never(slot.align)
