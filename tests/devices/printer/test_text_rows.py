"""Papers that are part text, part dots: as the simulator prints them, beside the same papers in dots alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest
import zxingcpp

from devices.printer.escpos.driver import EscposPrinter
from devices.printer.escpos.gb18030 import ROWS, Coverage
from devices.printer.escpos.pieces import cut_into_pieces
from devices.printer.escpos.settings import EscposSettings
from devices.printer.escpos.text_rows import HybridStrip, hybrid, render_hybrid
from devices.printer.fonts import FontProblem
from devices.printer.glyphs import cells_of
from devices.printer.grid import Face, Style
from devices.printer.page import Bits, Block, Glyph, LayoutProblem, Mark, Page
from devices.printer.rasterise import rasterise
from devices.printer.render import RollWidth, render_strips
from kiosk.app.system import SystemClock
from kiosk.documents.paper_document import paper_from_json
from kiosk.domain.paper import Paper
from kiosk.ports.printer import Printed, PrintUnknown
from simulators.printer.agenda import Moment, Progress
from simulators.printer.personality import CLONE
from simulators.printer.server import PrinterServer
from tests.eventually import eventually

DOCUMENTS = sorted((Path(__file__).parents[3] / "docs" / "papers").glob("*.json"))
GOLDEN = Path(__file__).parents[2] / "golden" / "papers_in_text"
TEXT = Style(Face.SANS, 24, 36)
PROFILE = 'vendor = "-"\nsource = "-"\ndots = 576\nword = "status"\nauto_status = false\nmm_per_second = 1000000.0\n'
"""The clone's, for a head that prints at once."""
AT_ONCE = replace(CLONE, rows_ahead=0)
"""As ``PROFILE`` says: a head in a thread of its own may come to its rows long after the driver, which trusts the
profile, has believed them printed."""


def document(name: str) -> Paper:
    paper = paper_from_json(next(path for path in DOCUMENTS if path.stem == name).read_bytes())
    assert isinstance(paper, Paper)
    return paper


def strips_of(paper: Paper, width: RollWidth, coverage: Coverage = Coverage.GB2312) -> tuple[HybridStrip, ...]:
    strips = render_hybrid(paper, width, coverage)
    assert not isinstance(strips, FontProblem | LayoutProblem)
    return strips


def dots_of(paper: Paper, width: RollWidth) -> tuple[Bits, ...]:
    strips = render_strips(paper, width)
    assert not isinstance(strips, FontProblem | LayoutProblem)
    return strips


def line(text: str, style: Style = TEXT, x: int = 16, baseline: int = 50) -> list[Mark]:
    """As the layout sets it: advances as they are, no mark for a space."""
    marks: list[Mark] = []
    for cell in cells_of(text, style):
        if not cell.is_space:
            marks.append(Glyph(x, baseline, cell))
        x += cell.advance
    return marks


def set_as(*marks: Mark, coverage: Coverage = Coverage.GB2312) -> HybridStrip:
    return hybrid(Page(576, 120, marks), coverage)


@pytest.fixture
def printers(tmp_path: Path) -> Iterator[Callable[[RollWidth], tuple[PrinterServer, EscposPrinter]]]:
    started: list[PrinterServer] = []

    class NoPace:
        def wait(self, seconds: float) -> None:
            pass

    def start(width: RollWidth) -> tuple[PrinterServer, EscposPrinter]:
        dots = {80: 576, 58: 384}[width]
        simulator = PrinterServer(tmp_path / "out", NoPace(), dots=dots, mm_per_second=0, personality=AT_ONCE)
        simulator.start()
        started.append(simulator)
        profile = tmp_path / "profile.toml"
        profile.write_text(PROFILE + 'font = "GB2312"\n')
        settings = EscposSettings(address=f"tcp://{simulator.address}", paper_width=width, profile=str(profile))
        return simulator, EscposPrinter(settings, SystemClock())

    yield start
    for simulator in started:
        simulator.close()


@pytest.mark.parametrize("width", get_args(RollWidth))
def test_certificate_is_the_golden_one(
    printers: Callable[[RollWidth], tuple[PrinterServer, EscposPrinter]], width: RollWidth, renew_golden: bool
) -> None:
    paper = document("certificate")
    simulator, printer = printers(width)
    assert isinstance(printer.print(paper, "job"), Printed)
    assert simulator.state()["unknown"] == 0
    assert "以下空白" in simulator.state()["text"]
    assert eventually(lambda: len(simulator.mechanism.papers) == 1)
    printed = simulator.mechanism.papers[0]
    golden = GOLDEN / f"certificate_{width}.png"
    picture = cv2.imread(str(printed), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    if renew_golden:
        golden.parent.mkdir(exist_ok=True)
        assert cv2.imwrite(str(golden), picture, [cv2.IMWRITE_PNG_BILEVEL, 1])
    expected = cv2.imread(str(golden), cv2.IMREAD_GRAYSCALE)
    assert expected is not None, f"{golden} is missing: renew it"
    assert np.array_equal(picture, expected), f"see {printed}"
    assert paper.verification is not None
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [paper.verification.qr_text]
    assert_same_places(picture == 0, paper, width)


def assert_same_places(printed: Bits, paper: Paper, width: RollWidth) -> None:
    """Dots are as they were but for the masked ones; text has its ink within two dots of the layout's."""
    (dots,), (strip,) = dots_of(paper, width), strips_of(paper, width)
    printed = printed[: len(dots)]
    near = cv2.dilate(dots.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    of_text = np.zeros(len(dots), dtype=np.bool_)
    for row in strip.text:
        of_text[row.top - 4 : row.top + ROWS + 4] = True
    assert np.count_nonzero(printed[~of_text] != dots[~of_text]) < 8
    inked = printed & of_text[:, np.newaxis]
    assert np.count_nonzero(inked & near) > 0.97 * np.count_nonzero(inked)


@pytest.mark.parametrize("width", get_args(RollWidth))
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_paper_is_as_long_and_less_to_send(path: Path, width: RollWidth) -> None:
    paper = document(path.stem)
    strips, dots = strips_of(paper, width), dots_of(paper, width)
    for strip, raster in zip(strips, dots, strict=True):
        assert strip.bits.shape == raster.shape
        assert sum(command.rows + command.feed for command in strip.commands()) == len(raster)
        tops = [row.top for row in strip.text]
        assert all(lower - upper >= ROWS for upper, lower in pairwise(tops))
        assert not any(strip.bits[top : top + ROWS].any() for top in tops)
    mixed, whole = cut_into_pieces(strips, 15), cut_into_pieces(dots, 15)
    assert (mixed.rows, mixed.length_mm) == (whole.rows, whole.length_mm)
    assert sum(piece.advance for piece in mixed.bands) == mixed.rows
    assert mixed.digest != whole.digest
    assert sum(len(piece.data) for piece in mixed.bands) < sum(len(piece.data) for piece in whole.bands)


def test_a_plain_line_is_text() -> None:
    strip = set_as(*line("社会保险 2009-07"))
    assert not strip.bits.any()
    assert [row.top for row in strip.text] == [29]
    assert "社会保险".encode("gb18030") in strip.text[0].data


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: line("社会保险", Style(Face.SANS_BOLD, 24, 36)),
        lambda: line("社会保险", Style(Face.SERIF_BOLD, 24, 36)),
        lambda: line("社会保险", Style(Face.SANS, 22, 36)),
        lambda: line("社会保险", Style(Face.SANS, 28, 36)),
        lambda: line("朱镕基础"),
        lambda: line("𬭚\ue000"),
        lambda: line("张*明"),
        lambda: line("iiiiiiii"),
        lambda: line("WWWWWWWW"),
        lambda: line("社会保险", baseline=20),
        lambda: [*line("社会保险"), *line("参保", Style(Face.SANS_BOLD, 24, 36), x=200)],
        lambda: [*line("社会保险"), *line("参保", x=200, baseline=52)],
        lambda: [*line("社会保险"), Block(300, 40, 20, 1)],
        lambda: [*line("社会保险"), Block(16, 52, 500, 1)],
    ],
)
def test_what_the_font_cannot_set_stays_as_it_was(drawn: Callable[[], list[Mark]]) -> None:
    marks = drawn()
    strip = set_as(*marks)
    assert strip.text == ()
    assert np.array_equal(strip.bits, rasterise(Page(576, 120, tuple(marks))))


def test_a_name_goes_as_text_where_the_font_is_proven_to_have_it() -> None:
    marks = line("龙䶮")
    assert set_as(*marks, coverage=Coverage.GBK).text == ()
    assert len(set_as(*marks, coverage=Coverage.GB18030_2005).text) == 1


def test_one_line_among_dots_leaves_the_others_alone() -> None:
    title, body = line("社会保险", Style(Face.SERIF_BOLD, 24, 36), baseline=30), line("参保缴费", baseline=80)
    strip = set_as(*title, *body)
    assert np.array_equal(strip.bits, rasterise(Page(576, 120, tuple(title))))
    assert [row.top for row in strip.text] == [59]


def test_a_line_of_text_half_printed_is_a_paper_in_doubt(
    printers: Callable[[RollWidth], tuple[PrinterServer, EscposPrinter]],
) -> None:
    """Nothing but text on it: were its rows not counted, no paper would be said to be out."""
    simulator, printer = printers(80)
    simulator.at(Moment(Progress.ROWS, 40), lambda: simulator.mechanism.happen("paper-out"))
    strip = set_as(*line("社会保险"))
    assert printer.print_dots((strip,), "job") == PrintUnknown("media-empty")
    assert simulator.mechanism.rows_printed == 40
