"""A long table breaks where it may, loses no row, and never shrinks a cell."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.printer.grid import GRID_58, GRID_80, Grid
from devices.printer.layout_strips import LONGEST, lay_out_strips
from devices.printer.page import Glyph, LayoutFault, LayoutProblem, Matrix, Page
from devices.printer.rasterise import rasterise
from kiosk.documents.statement import contribution_statement
from kiosk.domain.paper import Paper, Table
from tests.kiosk.documents.document_specimens import STATEMENT, contributions, documents

GRIDS = pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
STARTS = st.dates(date(2000, 1, 1), date(2020, 12, 1)).map(lambda day: day.replace(day=1))


def strips(paper: Paper, grid: Grid) -> tuple[Page, ...]:
    pages = lay_out_strips(paper, grid)
    assert not isinstance(pages, LayoutProblem)
    return pages


def drawn(page: Page) -> str:
    return "".join(mark.cell.text for mark in page.marks if isinstance(mark, Glyph))


def rows_of(page: Page) -> list[str]:
    """The months of the wide roll's rows: each followed by its base."""
    return re.findall(r"(\d{4}-\d{2})\d{1,2},\d{3}\.\d{2}", drawn(page))


@settings(max_examples=8)
@given(first=STARTS, months=st.integers(1, 240))
def test_every_month_stands_once_and_every_strip_is_short_enough(first: date, months: int) -> None:
    paid = contributions(first, months)
    pages = strips(contribution_statement(STATEMENT, paid), GRID_80)
    assert [month for page in pages for month in rows_of(page)] == [f"{one.month:%Y-%m}" for one in paid]
    assert all(page.height <= LONGEST for page in pages)
    assert all(len(rows_of(page)) >= min(3, months) for page in pages)
    for page in pages[:-1]:
        assert int(rows_of(page)[-1][-2:]) % 3 == 0


@GRIDS
def test_strips_say_where_they_belong(grid: Grid) -> None:
    first, second = (drawn(page) for page in strips(documents()["statement_long"], grid))
    assert "第1页共2页" in first
    assert "过次页" in first
    assert "第1页止，续第2页" in first
    assert "承前页" in second
    assert "第2页共2页" in second
    for strip in (first, second):
        assert "缴费基数" in strip
        assert "E5TN-8VJR" in strip
        assert str(STATEMENT.number) in strip
    assert "单位与个人合计" in second
    assert "单位与个人合计" not in first


@GRIDS
def test_what_is_carried_is_brought(grid: Grid) -> None:
    first, second = (drawn(page) for page in strips(documents()["statement_long"], grid))
    (carried,), (brought,) = re.findall(r"过次页([^第]*)第", first), re.findall(r"承前页(.*?\.\d\d.*?\.\d\d)", second)
    assert carried == brought


@GRIDS
def test_the_code_stands_on_the_last_strip_alone(grid: Grid) -> None:
    codes = [
        len([mark for mark in page.marks if isinstance(mark, Matrix)])
        for page in strips(documents()["statement_long"], grid)
    ]
    assert codes == [0, 1]


@GRIDS
def test_a_break_ends_a_year_where_one_fits(grid: Grid) -> None:
    assert "2024年小计" in drawn(strips(documents()["statement_long"], grid)[0])


def test_a_year_too_long_for_a_strip_breaks_after_a_quarter() -> None:
    paper = documents()["statement_long"]
    (table,) = paper.every(Table)
    parts = tuple(part for group in table.groups for part in group.parts)
    one_group = replace(table, groups=(replace(table.groups[0], parts=parts, subtotal=None),))
    blocks = tuple(one_group if block == table else block for block in paper.blocks)
    pages = strips(replace(paper, blocks=blocks), GRID_80)
    assert len(pages) == 2
    assert all(page.height <= LONGEST for page in pages)


@GRIDS
def test_a_paper_that_fits_or_cannot_break_is_one_strip(grid: Grid) -> None:
    assert len(strips(documents()["statement"], grid)) == 1
    long = documents()["notice"]
    assert len(strips(replace(long, blocks=long.blocks * 5), grid)) == 1


@GRIDS
def test_twenty_years_of_contributions_fit(grid: Grid) -> None:
    months = tuple(
        replace(one, employer=Decimal("999.99"), personal=Decimal("499.99"))
        for one in contributions(date(2006, 1, 1), 240)
    )
    assert "239,997.60" in drawn(strips(contribution_statement(STATEMENT, months), grid)[-1])


@pytest.mark.parametrize(("grid", "title"), [(GRID_80, "单位缴纳"), (GRID_58, "单位")], ids=["80", "58"])
def test_an_amount_that_does_not_fit_is_told_and_never_shrunk(grid: Grid, title: str) -> None:
    (paid,) = contributions(date(2026, 1, 1), 1)
    paper = contribution_statement(STATEMENT, (replace(paid, employer=Decimal("123456789.00")),))
    assert lay_out_strips(paper, grid) == LayoutProblem(LayoutFault.CELL_TOO_WIDE, title)


@GRIDS
def test_amounts_end_on_one_line(grid: Grid) -> None:
    """The last dots of every amount of a column stand under each other."""
    (page,) = strips(documents()["statement"], grid)
    ends: dict[int, int] = {}
    for mark in page.marks:
        if isinstance(mark, Glyph) and mark.cell.size == grid.table.size:
            ends[mark.baseline] = max(ends.get(mark.baseline, 0), mark.x + mark.cell.advance)
    edge = grid.margin + grid.column - 2
    assert list(ends.values()).count(edge) >= 24


@GRIDS
def test_hairlines_are_unbroken(grid: Grid) -> None:
    """Every full rule of the table is one run of dots across the column."""
    (page,) = strips(documents()["certificate"], grid)
    bits = rasterise(page)
    full = bits[:, grid.margin : grid.margin + grid.column].all(axis=1)
    assert full.sum() >= 4 + 1 + 3 + 2 + 4 + 3 + 2 + 1
