"""Fills sheets with pieces and tables from the top, and turns the sheet where one is full."""

from devices.printer.a4.grid import GRID_A4
from devices.printer.a4.pieces import Piece, lowered, split
from devices.printer.a4.table import RuledRow, RuledTable, table_marks
from devices.printer.page import Mark

_LEAST_ROWS = 3
"""A table leaves at least so many rows on either side of a break, where it can."""


class Sheets:
    """Bodies between the dots ``top`` and ``bottom``."""

    def __init__(self, top: int, bottom: int) -> None:
        self._top, self._bottom = top, bottom
        self._sheets: list[list[Mark]] = [[]]
        self._y = top

    def bodies(self) -> tuple[tuple[Mark, ...], ...]:
        return tuple(tuple(marks) for marks in self._sheets)

    def add(self, piece: Piece) -> None:
        above = 0 if self._fresh else piece.above
        if self._y + above + piece.height > self._bottom and not self._fresh:
            self._turn()
            above = 0
        upper, lower = (piece, None) if piece.height <= self._bottom - self._top else split(piece, self._room)
        self._sheets[-1] += lowered(upper.marks, self._y + above)
        self._y += above + upper.height
        if lower is not None and lower.marks:
            self._turn()
            self.add(lower)

    def add_table(self, table: RuledTable, above: int) -> None:
        """With the head on every sheet, and the sums carried over where the table has them."""
        rows, brought = table.rows, None
        while True:
            self._y += 0 if self._fresh else above
            opening = [row for row in (table.head, brought) if row is not None]
            count = self._fitting(rows, self._room - sum(row.height for row in opening))
            if count == 0 and not self._fresh:
                self._turn()
                continue
            count = max(1, min(count, len(rows)))
            part, rows = rows[:count], rows[count:]
            ending = [part[-1].carried] if rows and part and part[-1].carried is not None else []
            whole: list[RuledRow] = [*opening, *part, *ending]
            self._sheets[-1] += table_marks(whole, GRID_A4.margin, self._y)
            self._y += sum(row.height for row in whole)
            if not rows:
                return
            brought = part[-1].brought
            self._turn()

    @property
    def _fresh(self) -> bool:
        return self._y == self._top

    @property
    def _room(self) -> int:
        return self._bottom - self._y

    def _turn(self) -> None:
        self._sheets.append([])
        self._y = self._top

    def _fitting(self, rows: tuple[RuledRow, ...], room: int) -> int:
        """How many rows to set here: all, or up to the best place for a break; 0 for the next sheet."""
        if sum(row.height for row in rows) <= room:
            return len(rows)
        height, fit, ends = 0, 0, []
        for count, row in enumerate(rows, start=1):
            height += row.height
            if height > room:
                break
            fit = count
            closed = height + (0 if row.carried is None else row.carried.height)
            if row.may_end and closed <= room and _LEAST_ROWS <= count <= len(rows) - _LEAST_ROWS:
                ends.append(count)
        if ends:
            return ends[-1]
        return fit if self._fresh else 0
