"""A4 papers: golden pictures, codes and text read back from the PDF, and nothing off the sheet or lost.

Renewed as conftest.py says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp

from devices.printer.a4.drawing import PdfDocument
from devices.printer.a4.grid import BOTTOM_MARGIN, GRID_A4, SHEET_HEIGHT
from devices.printer.a4.layout import Pages, lay_out_a4
from devices.printer.a4.licence import UnreadablePdf, licence_pdf
from devices.printer.a4.pdf import paper_pdf
from devices.printer.page import Block, Glyph, LayoutFault, LayoutProblem, Mark, Matrix
from kiosk.domain.paper import Align, Column, FieldGroup, Paper, PaperField, PaperNotes, RowGroup, RowPart, Table
from kiosk.domain.receipt_number import Verification
from tests.devices.printer.a4 import design_papers
from tests.kiosk.documents.document_specimens import documents
from tests.kiosk.documents.specimens import all_papers

GOLDEN = Path(__file__).parents[3] / "golden" / "papers"
DPI = 100
PAPERS = all_papers() | documents()
PICTURED = {
    "design_certificate": design_papers.certificate(),
    "design_statement": design_papers.statement(),
    "certificate": PAPERS["certificate"],
    "statement": PAPERS["statement"],
}
ALL = PAPERS | PICTURED | {"design_long": design_papers.statement(3)}


@lru_cache
def pdf(name: str) -> PdfDocument:
    document = paper_pdf(ALL[name])
    assert isinstance(document, PdfDocument)
    return document


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def pictures(data: bytes, dpi: int = DPI) -> list[npt.NDArray[np.uint8]]:
    with opened(data) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_numpy().copy() for page in document]


def text(data: bytes) -> str:
    with opened(data) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def pages(paper: Paper) -> Pages:
    laid_out = lay_out_a4(paper)
    assert not isinstance(laid_out, LayoutProblem)
    return laid_out


def drawn(marks: tuple[Mark, ...]) -> str:
    return "".join(mark.cell.text for mark in marks if isinstance(mark, Glyph))


@pytest.mark.parametrize("name", PICTURED)
def test_sheet_is_the_golden_one(name: str, renew_golden: bool, tmp_path: Path) -> None:
    """Shades may differ by a rounding, shapes may not."""
    (picture,) = pictures(pdf(name).data)
    path = GOLDEN / f"{name}_A4.png"
    if renew_golden:
        assert cv2.imwrite(str(path), picture)
    golden = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert golden is not None, f"{path} is missing: renew it"
    rendered = tmp_path / path.name
    cv2.imwrite(str(rendered), picture)
    assert picture.shape == golden.shape, f"see {rendered}"
    assert int(cv2.absdiff(picture, golden).max()) <= 32, f"see {rendered}"


@pytest.mark.parametrize("name", ALL)
def test_code_and_text_read_back(name: str) -> None:
    paper, document = ALL[name], pdf(name)
    words = text(document.data)
    for piece in (paper.title or paper.hall, f"终端{paper.terminal}", f"第{document.sheets}页"):
        assert "".join(piece.split()) in words
    if paper.number is not None:
        assert str(paper.number) in words
    expected = [] if paper.verification is None else [paper.verification.qr_text]
    for picture in pictures(document.data, dpi=150):
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == expected


@pytest.mark.parametrize("name", ALL)
def test_nothing_leaves_the_column_or_runs_into_the_foot(name: str) -> None:
    column = range(GRID_A4.margin, GRID_A4.margin + GRID_A4.column + 1)
    for marks in pages(ALL[name]):
        foot = max(
            mark.y for mark in marks if isinstance(mark, Block) and mark.width == GRID_A4.column and mark.height == 2
        )
        for mark in marks:
            if isinstance(mark, Glyph):
                assert mark.x + mark.cell.size // 2 in column
                assert mark.x + mark.cell.advance - mark.cell.size // 2 in column
                assert mark.baseline <= SHEET_HEIGHT - BOTTOM_MARGIN
                assert not foot - 10 < mark.baseline < foot + 20
            elif isinstance(mark, Block):
                assert mark.x in column
                assert mark.x + mark.width in column
                assert mark.y == foot or not mark.y < foot < mark.y + mark.height


def test_fonts_are_embedded() -> None:
    data = pdf("certificate").data
    assert data.count(b"/FontFile") == data.count(b"/FontDescriptor\n") > 0


def test_a_certificate_is_one_sheet_and_so_are_24_months() -> None:
    assert [pdf(name).sheets for name in PICTURED] == [1, 1, 1, 1]


def test_a_long_table_repeats_its_head_and_carries_its_sums() -> None:
    first, *middle, last = [drawn(marks) for marks in pages(design_papers.statement(3))]
    for sheet in (first, *middle, last):
        assert "缴费基数" in sheet
    assert "过次页" in first
    assert "承前页" not in first
    assert "承前页" in last
    assert "过次页" not in last
    carried = first[first.index("过次页") :][:40]
    following = (middle or [last])[0]
    assert carried.removeprefix("过次页")[:20] in following[following.index("承前页") :]


def test_a_sum_too_wide_for_its_cell_is_told_not_shrunk() -> None:
    columns = (Column("项目", 5, 5), Column("金额", 1, 1, Align.RIGHT))
    row = RowPart((("合计", "1,234,567,890,123.00"),))
    paper = replace(PAPERS["certificate"], blocks=(Table(columns, (RowGroup("", "", (row,)),)),))
    assert lay_out_a4(paper) == LayoutProblem(LayoutFault.CELL_TOO_WIDE, "金额")


def test_a_code_that_cannot_fit_is_told() -> None:
    paper = replace(PAPERS["certificate"], verification=Verification("A" * 9000, "7K3M-Q9TA"))
    assert lay_out_a4(paper) == LayoutProblem(LayoutFault.CODE_TOO_LARGE)


def test_notes_longer_than_a_sheet_go_on_overleaf() -> None:
    notes = PaperNotes("说明", tuple(f"第{index}条说明，说明文字若干。" for index in range(60)))
    sheets = pages(replace(PAPERS["certificate"], blocks=(notes,)))
    assert len(sheets) == 2
    whole = "".join(drawn(marks) for marks in sheets)
    assert all(f"第{index}条说明" in whole for index in range(60))


def test_a_long_value_has_a_row_of_its_own() -> None:
    short, long = PaperField("姓名", "张＊"), PaperField("地址", "示例市样张区" * 10)
    (marks,) = pages(replace(PAPERS["certificate"], blocks=(FieldGroup((short, long)),)))
    names = [mark.baseline for mark in marks if isinstance(mark, Glyph) and mark.cell.text in "姓地"]
    assert names[0] < names[1]
    assert "示例市样张区" * 10 in drawn(marks)


@pytest.mark.parametrize("character", ["\U00020001", "\U0002a6d6", "\ue863"])
def test_rare_characters_leave_ink(character: str) -> None:
    def ink(name: str) -> int:
        blocks = (FieldGroup((PaperField("姓名", name),)),)
        document = paper_pdf(replace(PAPERS["certificate"], blocks=blocks))
        assert isinstance(document, PdfDocument)
        return int(np.count_nonzero(pictures(document.data)[0] < 128))

    assert ink(character) > ink("") + 5


def test_thermal_paper_is_not_spoken_of() -> None:
    words = text(pdf("certificate").data)
    assert "热敏纸" not in words
    assert "黑白打印件上的印章为电子印章图样" in words


def test_the_code_stands_apart_from_everything() -> None:
    (marks,) = pages(PAPERS["certificate"])
    (code,) = (mark for mark in marks if isinstance(mark, Matrix))
    quiet = 4 * code.module
    side = code.modules.shape[0] * code.module
    for mark in marks:
        if isinstance(mark, Glyph) and code.y - quiet < mark.baseline < code.y + side + quiet:
            assert mark.x >= code.x + side + quiet


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_licence_as_supplied(dpi: int, licence: bytes) -> None:
    document = licence_pdf(licence, 203 if dpi == 203 else 300)
    assert isinstance(document, PdfDocument)
    assert document.sheets == 1
    supplied, printed = pictures(licence)[0], pictures(document.data)[0]
    assert supplied.shape == printed.shape
    assert float(np.mean(cv2.absdiff(supplied, printed))) < 6
    assert text(document.data) == ""


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_licence(data: bytes) -> None:
    assert licence_pdf(data) == UnreadablePdf()
