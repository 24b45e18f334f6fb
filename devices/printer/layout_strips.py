"""A paper on as many strips as it needs: a table longer than a presenter takes breaks, and says so on both sides.

It breaks after a year where it can, else after a quarter, never with fewer than three rows on a side. Every strip has
the table's head, the number, its place among the strips and the short code; code and totals stand on the last.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from devices.printer.grid import Grid
from devices.printer.layout import lay_out, set_blocks
from devices.printer.layout_foot import set_foot
from devices.printer.layout_head import set_continued_head, set_head
from devices.printer.layout_sheet import Sheet
from devices.printer.layout_table import TablePart
from devices.printer.page import LayoutProblem, Page
from kiosk.domain.paper import Block, Paper, RowGroup, SumRow, Table

LONGEST = 2400
"""Rows of one strip, 300 mm: what a presenter holds."""

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class _Break:
    """A table cut after the first ``parts`` of its parts, counted through all its groups."""

    parts: int
    rows: int
    carried: SumRow
    ends_group: bool


def lay_out_strips(paper: Paper, grid: Grid) -> tuple[Page, ...] | LayoutProblem:
    """One page a strip. A paper without a table that can break is one strip, however long."""
    whole = lay_out(paper, grid)
    if isinstance(whole, LayoutProblem):
        return whole
    table = next((table for table in paper.every(Table) if _breaks(table)), None)
    if whole.height <= LONGEST or table is None:
        return (whole,)
    cuts = _cuts(paper, table, grid)
    edges = (None, *cuts, None)
    strips = []
    for page, (start, end) in enumerate(pairwise(edges), start=1):
        strip = _strip(paper, table, grid, _Place(page, len(cuts) + 1, start, end))
        if isinstance(strip, LayoutProblem):
            return strip
        strips.append(strip)
    return tuple(strips)


def _breaks(table: Table) -> tuple[_Break, ...]:
    """Where the table may be cut, in order; not after its last part."""
    found, parts, rows = [], 0, 0
    for group in table.groups:
        for index, part in enumerate(group.parts, start=1):
            parts, rows = parts + 1, rows + len(part.rows)
            if part.carried is not None:
                found.append(_Break(parts, rows, part.carried, index == len(group.parts)))
    return tuple(cut for cut in found if cut.rows <= rows - _FEWEST)


@dataclass(frozen=True, slots=True)
class _Place:
    """Strip ``page`` of ``pages``, from one break to another (None: the table's start, its end)."""

    page: int
    pages: int
    start: _Break | None
    end: _Break | None


def _cuts(paper: Paper, table: Table, grid: Grid) -> tuple[_Break, ...]:
    """Each strip takes as much as fits; if not even the first break does, it takes that."""
    cuts: list[_Break] = []
    breaks = _breaks(table)
    while True:
        place = _Place(len(cuts) + 1, 9, cuts[-1] if cuts else None, None)
        done = place.start.rows if place.start else 0
        ahead = [cut for cut in breaks if cut.rows >= done + _FEWEST]
        if not ahead or (cuts and _height(paper, table, grid, place) <= LONGEST):
            return tuple(cuts)
        count = bisect_right(ahead, LONGEST, key=partial(_height_to, paper, table, grid, place))
        fitting = ahead[: max(1, count)]
        cuts.append(next((cut for cut in reversed(fitting) if cut.ends_group), fitting[-1]))


def _height_to(paper: Paper, table: Table, grid: Grid, place: _Place, end: _Break) -> int:
    """It grows with every part."""
    return _height(paper, table, grid, replace(place, end=end))


def _height(paper: Paper, table: Table, grid: Grid, place: _Place) -> int:
    strip = _strip(paper, table, grid, place)
    return 0 if isinstance(strip, LayoutProblem) else strip.height


def _strip(paper: Paper, table: Table, grid: Grid, place: _Place) -> Page | LayoutProblem:
    sheet = Sheet(grid)
    at = paper.blocks.index(table)
    before, after = paper.blocks[:at], paper.blocks[at + 1 :]
    if place.start is None:
        set_head(sheet, paper)
    else:
        set_continued_head(sheet, paper, f"第{place.page}页 共{place.pages}页")
    part = _part_of(table, place)
    blocks: tuple[Block | TablePart, ...] = (*(before if place.start is None else ()), part)
    problem = set_blocks(sheet, (*blocks, *after) if place.end is None else blocks)
    if place.end is None:
        problem = problem or set_foot(sheet, paper)
    else:
        _set_going_on(sheet, paper, place)
    return sheet.page() if problem is None else problem


def _part_of(table: Table, place: _Place) -> TablePart:
    first = place.start.parts if place.start else 0
    last = place.end.parts if place.end else sum(len(group.parts) for group in table.groups)
    return TablePart(
        replace(
            table,
            groups=tuple(_groups_between(table, first, last)),
            total=None if place.end else table.total,
            closing=() if place.end else table.closing,
        ),
        page=f"第{place.page}页 共{place.pages}页" if place.start is None else "",
        brought=place.start.carried if place.start else None,
        carried=place.end.carried if place.end else None,
    )


def _groups_between(table: Table, first: int, last: int) -> Iterator[RowGroup]:
    """A group that goes on elsewhere has its subtotal there."""
    passed = 0
    for group in table.groups:
        start, end = max(0, first - passed), min(len(group.parts), last - passed)
        passed += len(group.parts)
        if start < end:
            whole_end = end == len(group.parts)
            yield replace(group, parts=group.parts[start:end], subtotal=group.subtotal if whole_end else None)


def _set_going_on(sheet: Sheet, paper: Paper, place: _Place) -> None:
    sheet.y += 8
    sheet.centred(f"第{place.page}页止，续第{place.page + 1}页", sheet.grid.small)
    if paper.verification is not None and paper.verification.short_code:
        sheet.centred(f"核验码 {paper.verification.short_code}", sheet.grid.small)
