"""Whatever a paper says, it fits the roll and nothing is clipped or lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.printer.glyph_dots import glyph_dots
from devices.printer.glyphs import Cut, cells_of
from devices.printer.grid import GRID_58, GRID_80, Grid
from devices.printer.layout import lay_out
from devices.printer.page import Block, Glyph, LayoutFault, LayoutProblem, Matrix, Page
from devices.printer.rasterise import rasterise
from kiosk.domain.paper import (
    Band,
    Body,
    Caution,
    Checklist,
    ChecklistItem,
    EndMark,
    FieldGroup,
    KeyFact,
    OutcomeBand,
    Paper,
    PaperField,
    PaperNotes,
    QueueNumber,
    ReprintMark,
    Seal,
    SealedClosing,
    Signatures,
    Statement,
    VoidMark,
)
from kiosk.domain.receipt_number import Verification
from tests.kiosk.documents.specimens import VERIFICATION, specimens

PASSED = specimens()["passed"]
PAD = 80

CHARACTERS = st.one_of(
    st.characters(),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
    st.characters(min_codepoint=0xE000, max_codepoint=0xF8FF),
    st.sampled_from("，。、；：？！）》」』】”…—（《「『【“￥ 　年月日12345:-*AWg"),
)
TEXT = st.text(CHARACTERS, max_size=60)
SOME = st.none() | TEXT


GROUPS = st.lists(st.builds(PaperField, TEXT, TEXT, st.booleans()), max_size=4).map(tuple).map(FieldGroup)
NOTES = st.builds(PaperNotes, TEXT, st.lists(TEXT, max_size=3).map(tuple))
LINES = st.lists(TEXT, max_size=3).map(tuple)
ITEMS = st.lists(st.builds(ChecklistItem, TEXT, TEXT, TEXT, st.booleans()), max_size=3).map(tuple)
BLOCKS = st.one_of(
    st.builds(OutcomeBand, st.sampled_from(Band), TEXT, SOME, SOME),
    st.builds(KeyFact, SOME, SOME, SOME, SOME),
    st.builds(Statement, TEXT),
    st.builds(Body, TEXT, SOME, st.booleans()),
    st.builds(Caution, TEXT),
    GROUPS,
    NOTES,
    st.builds(Checklist, ITEMS),
    st.builds(SealedClosing, TEXT, TEXT, TEXT, st.builds(Seal, TEXT, TEXT, TEXT)),
    st.builds(Signatures, LINES),
    st.builds(QueueNumber, TEXT, TEXT, TEXT),
    st.builds(ReprintMark, st.integers(1, 99), LINES),
    st.builds(VoidMark, TEXT),
    st.builds(EndMark, TEXT),
)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    return replace(
        PASSED,
        hall=draw(TEXT),
        marking=draw(SOME),
        issuer=draw(TEXT),
        subject=draw(TEXT),
        title=draw(TEXT),
        blocks=draw(st.lists(BLOCKS, max_size=6).map(tuple)),
        verification=Verification(VERIFICATION.qr_text, draw(TEXT)),
        verification_text=draw(TEXT),
        footer=draw(st.lists(TEXT, max_size=3).map(tuple)),
        printed_at=draw(TEXT),
        terminal=draw(TEXT),
    )


def with_fields(*fields: PaperField) -> Paper:
    """A paper of nothing else."""
    return replace(PASSED, blocks=(FieldGroup(fields),))


def moved(page: Page) -> Page:
    """The same marks on a sheet with a rim of ``PAD`` dots, where ink would show what the roll clips."""
    marks = tuple(
        mark._replace(x=mark.x + PAD, baseline=mark.baseline + PAD)
        if isinstance(mark, Glyph)
        else replace(mark, x=mark.x + PAD, y=mark.y + PAD)
        for mark in page.marks
    )
    return Page(page.width + 2 * PAD, page.height + 2 * PAD, marks)


def assert_whole(paper: Paper, grid: Grid) -> None:
    page = lay_out(paper, grid)
    assert isinstance(page, Page)
    assert page.width == grid.width
    bits = rasterise(moved(page))
    inside = bits[PAD:-PAD, PAD:-PAD]
    assert np.count_nonzero(bits) == np.count_nonzero(inside)


@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
@settings(max_examples=25)
@given(paper=papers())
def test_any_paper_fits_the_roll(grid: Grid, paper: Paper) -> None:
    assert_whole(paper, grid)


@pytest.mark.nightly
@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
@settings(max_examples=2000)
@given(paper=papers())
def test_any_paper_fits_the_roll_at_length(grid: Grid, paper: Paper) -> None:
    assert_whole(paper, grid)


@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
@pytest.mark.parametrize(
    "name",
    [
        "",
        "王",
        "王" * 200,
        "A" * 300,
        "，" * 100,
        "（" * 100,
        "\U00020000\U0002a6d6",
        "\ue863\uf8ff",
        "a\u0301\u200d\ufdfd",
    ],
)
def test_any_name_fits(name: str, grid: Grid) -> None:
    assert_whole(with_fields(PaperField("姓名", name, strong=True)), grid)


@given(st.text(CHARACTERS, min_size=1, max_size=30))
def test_no_character_vanishes(text: str) -> None:
    """Every character but ASCII white space and variation selectors has a cell; only blanks have no ink."""
    cells = cells_of(text, GRID_80.value)
    blanks = " \t\r\n\f\v"
    kept = [character for character in text.strip(blanks) if character not in blanks]
    selectors = [c for c in kept if 0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF]
    assert len([cell for cell in cells if cell.text != " "]) >= len(kept) - len(selectors)
    assert all(cell.advance > 0 for cell in cells)


EXTENSION_B = st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)


@given(name=st.text(EXTENSION_B, min_size=1, max_size=4), grid=st.sampled_from([GRID_80, GRID_58]))
def test_every_glyph_of_a_rare_name_is_on_the_paper(name: str, grid: Grid) -> None:
    page = lay_out(with_fields(PaperField("姓名", name, strong=True)), grid)
    assert isinstance(page, Page)
    bits = rasterise(page)
    glyphs = [mark for mark in page.marks if isinstance(mark, Glyph) and mark.cell.cut in (Cut.RARE, Cut.BOX)]
    assert "".join(mark.cell.text for mark in glyphs if mark.cell.cut is Cut.RARE) == "".join(
        character for character in name if cells_of(character, grid.value)[0].cut is Cut.RARE
    )
    for glyph in glyphs:
        size = glyph.cell.size
        ink = bits[glyph.baseline - size : glyph.baseline + size // 4, glyph.x : glyph.x + glyph.cell.advance]
        assert np.count_nonzero(ink) > size


@pytest.mark.nightly
def test_extension_b_has_ink_and_only_what_no_font_draws_is_a_box() -> None:
    """HanaMinB draws 42,711 of the 42,720 places of the block; a box is ink too."""
    boxes = 0
    for code in range(0x20000, 0x2A6E0):
        (cell,) = cells_of(chr(code), GRID_58.value)
        assert np.count_nonzero(glyph_dots(cell).ink) > GRID_58.value.size, f"{code:X}"
        boxes += cell.cut is Cut.BOX
    assert boxes <= 9


@pytest.mark.parametrize(
    ("character", "cut"),
    [
        ("张", Cut.SANS),
        ("𬭚", Cut.SANS),
        ("䶮", Cut.SANS),
        ("\U00020001", Cut.RARE),
        ("\ue863", Cut.BOX),
        ("\x07", Cut.BOX),
        ("\u0301", Cut.BOX),
        ("\u200d", Cut.BOX),
        ("\u3164", Cut.BOX),
        ("\U0001f600", Cut.BOX),
    ],
)
def test_which_font_draws(character: str, cut: Cut) -> None:
    (cell,) = cells_of(character, GRID_80.value)
    assert cell.cut is cut


def test_box_shows_the_code_point() -> None:
    (cell,) = cells_of("\ue863", GRID_80.value)
    assert cell.text == "E863"


def test_dates_are_spelt_out_on_the_wide_roll_only() -> None:
    paper = with_fields(PaperField("日期", "2026年1月2日"))
    wide, narrow = (lay_out(paper, grid) for grid in (GRID_80, GRID_58))
    assert isinstance(wide, Page)
    assert isinstance(narrow, Page)
    assert "2026年1月2日" in drawn(wide)
    assert "2026-01-02" in drawn(narrow)


@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
def test_a_field_to_fill_in_is_a_rule_to_the_edge_with_room_for_a_hand(grid: Grid) -> None:
    bare = replace(PASSED, blocks=())
    blank = with_fields(PaperField("本人签名", "＿＿＿"))
    without, page = lay_out(bare, grid), lay_out(blank, grid)
    assert isinstance(without, Page)
    assert isinstance(page, Page)
    assert "＿" not in drawn(page)
    left = grid.margin + grid.label_width + grid.label_gap
    rules = [mark for mark in page.marks if isinstance(mark, Block) and mark.x == left]
    assert [(rule.x + rule.width, rule.height) for rule in rules] == [(grid.margin + grid.column, 1)]
    assert page.height - without.height >= grid.value.line + grid.writing_room


@pytest.mark.parametrize("grid", [GRID_80, GRID_58], ids=["80", "58"])
def test_a_paper_without_number_and_code_says_neither(grid: Grid) -> None:
    page = lay_out(replace(PASSED, number=None, verification=None, footer=()), grid)
    assert isinstance(page, Page)
    assert not [mark for mark in page.marks if isinstance(mark, Matrix)]
    assert "编号" not in drawn(page)
    assert "核验码" not in drawn(page)


def test_beside_a_code_that_has_no_short_one_the_words_stand_in_the_middle() -> None:
    paper = replace(PASSED, verification=Verification(VERIFICATION.qr_text, ""), verification_text="扫码核对")
    page = lay_out(paper, GRID_80)
    assert isinstance(page, Page)
    (code,) = (mark for mark in page.marks if isinstance(mark, Matrix))
    side = code.modules.shape[0] * code.module
    (word,) = (mark for mark in page.marks if isinstance(mark, Glyph) and mark.cell.text == "扫")
    assert abs(word.baseline - GRID_80.small.size // 2 - (code.y + side // 2)) <= GRID_80.small.size
    assert "核验码" not in drawn(page)


def drawn(page: Page) -> str:
    return "".join(mark.cell.text for mark in page.marks if isinstance(mark, Glyph))


@pytest.mark.parametrize("length", [900, 9000])
def test_code_that_cannot_fit_is_told(length: int) -> None:
    paper = replace(PASSED, verification=Verification("A" * length, "7K3M-Q9TA"))
    assert lay_out(paper, GRID_58) == LayoutProblem(LayoutFault.CODE_TOO_LARGE)
