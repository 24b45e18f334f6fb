"""Whatever a paper says, it fits its sheets, nothing runs into anything's place, and no character is lost."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices.printer.a4.grid import SHEET_HEIGHT, SHEET_WIDTH
from devices.printer.a4.layout import lay_out_a4
from devices.printer.a4.pdf import paper_pdf
from devices.printer.a4.pieces import extent
from devices.printer.a4.table import DENSE, RuledTable, field_table
from devices.printer.glyphs import cells_of
from devices.printer.page import Block, Glyph, LayoutProblem, Mark
from kiosk.domain.paper import FieldGroup, Paper, PaperField
from tests.devices.printer.test_render import PASSED, TEXT, papers
from tests.kiosk.documents.specimens import all_papers

EDGE = 24
"""3 mm, which hardly a printer prints on."""


def assert_whole(paper: Paper) -> None:
    pages = lay_out_a4(paper)
    assert not isinstance(pages, LayoutProblem)
    for marks in pages:
        foot = max(mark.y for mark in marks if isinstance(mark, Block) and mark.height == 2)
        for mark in marks:
            top, bottom = extent(mark)
            assert EDGE <= top <= bottom <= SHEET_HEIGHT - EDGE, mark
            assert mark.x >= EDGE
            assert _right(mark) <= SHEET_WIDTH - EDGE
            assert not top < foot - 1 < bottom - 1 or mark == _rule(marks, foot), mark


def _right(mark: Mark) -> int:
    match mark:
        case Glyph():
            return mark.x + mark.cell.advance
        case Block():
            return mark.x + mark.width
        case _:
            return mark.x


def _rule(marks: tuple[Mark, ...], y: int) -> Mark:
    return next(mark for mark in marks if isinstance(mark, Block) and mark.y == y)


@settings(max_examples=15)
@given(paper=papers())
def test_any_paper_fits_its_sheets(paper: Paper) -> None:
    assert_whole(paper)


@pytest.mark.parametrize("count", [1, 12, 60])
def test_a_paper_of_much_to_say_fits_its_sheets(count: int) -> None:
    """Blocks of every kind, over and over; a label of boxes and a value as long as a sheet."""
    blocks = tuple(block for paper in all_papers().values() for block in paper.blocks)[:count]
    endless = FieldGroup((PaperField("\ue863" * 60, "示例市" * 1000),))
    assert_whole(replace(PASSED, blocks=(*blocks, endless, *blocks)))


@pytest.mark.nightly
@settings(max_examples=400)
@given(paper=papers())
def test_any_paper_fits_its_sheets_at_length(paper: Paper) -> None:
    assert_whole(paper)
    assert not isinstance(paper_pdf(paper), LayoutProblem)


@settings(max_examples=50)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
@example([("0\r", "")])
def test_every_character_of_every_field_has_its_place(fields: list[tuple[str, str]]) -> None:
    group = FieldGroup(tuple(PaperField(label, value) for label, value in fields))
    said = Counter(
        cell.text
        for label, value in fields
        for text in (label, value if value.strip("＿") else "")
        for cell in cells_of(text, DENSE.text)
        if not cell.is_space
    )
    assert _drawn(field_table(group, DENSE)) == said


def _drawn(table: RuledTable) -> Counter[str]:
    return Counter(
        cell.text
        for row in table.rows
        for ruled in row.cells
        for line in ruled.lines
        for _, cell in line.cells
        if not cell.is_space
    )
